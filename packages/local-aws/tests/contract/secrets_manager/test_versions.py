"""Versions of secrets, and the staging labels that move between them."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of


@pytest.fixture
def secret(secrets: Any, unique_name: str) -> str:
    """The name of a secret whose value is "1"."""
    secrets.create_secret(Name=unique_name, SecretString="1")
    return unique_name


@pytest.fixture
def put(secrets: Any, secret: str) -> Any:
    """Puts a value with these labels; returns its version's id."""

    def call(value: str, *labels: str) -> str:
        given = {"VersionStages": list(labels)} if labels else {}
        made = secrets.put_secret_value(SecretId=secret, SecretString=value, **given)
        return str(made["VersionId"])

    return call


def labels_by_value(secrets: Any, secret: str) -> dict[str, list[str]]:
    """The labels of each version that is listed, by its value."""
    return {
        secrets.get_secret_value(SecretId=secret, VersionId=version["VersionId"])[
            "SecretString"
        ]: sorted(version["VersionStages"])
        for version in secrets.list_secret_version_ids(SecretId=secret)["Versions"]
    }


def version_of(secrets: Any, secret: str, label: str = "AWSCURRENT") -> str:
    return str(secrets.get_secret_value(SecretId=secret, VersionStage=label)["VersionId"])


def move(secrets: Any, secret: str, label: str, to: str) -> None:
    secrets.update_secret_version_stage(
        SecretId=secret,
        VersionStage=label,
        RemoveFromVersionId=version_of(secrets, secret, label),
        MoveToVersionId=to,
    )


def test_what_a_version_shows(secrets: Any, secret: str) -> None:
    """Recorded from AWS: KmsKeyIds always, LastAccessedDate once it was read, no NextToken."""
    answer = secrets.list_secret_version_ids(SecretId=secret)
    assert "NextToken" not in answer
    assert answer["ARN"] == secrets.describe_secret(SecretId=secret)["ARN"]
    [version] = answer["Versions"]
    assert version.keys() == {"CreatedDate", "KmsKeyIds", "VersionId", "VersionStages"}
    assert version["KmsKeyIds"] == ["DefaultEncryptionKey"]
    secrets.get_secret_value(SecretId=secret)
    [version] = secrets.list_secret_version_ids(SecretId=secret)["Versions"]
    assert version["LastAccessedDate"].timestamp() % (24 * 3600) == 0


def test_a_version_without_a_label_is_deprecated(secrets: Any, secret: str, put: Any) -> None:
    """Recorded from AWS: it is shown nowhere; API_ListSecretVersionIds: IncludeDeprecated."""
    put("2")
    put("3")
    assert labels_by_value(secrets, secret) == {"2": ["AWSPREVIOUS"], "3": ["AWSCURRENT"]}
    assert len(secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]) == 2
    every = secrets.list_secret_version_ids(SecretId=secret, IncludeDeprecated=True)["Versions"]
    assert ["VersionStages" in version for version in every] == [False, True, True]


def test_versions_come_in_pages(secrets: Any, secret: str, put: Any) -> None:
    """API_ListSecretVersionIds: MaxResults, NextToken, InvalidNextTokenException."""
    put("2", "two")
    put("3", "three")
    first = secrets.list_secret_version_ids(SecretId=secret, MaxResults=2)
    rest = secrets.list_secret_version_ids(SecretId=secret, NextToken=first["NextToken"])
    assert (len(first["Versions"]), len(rest["Versions"])) == (2, 1)
    refused = error_of(secrets.list_secret_version_ids, SecretId=secret, NextToken="none")
    assert refused[0] == "InvalidNextTokenException"


def test_a_label_is_moved_from_the_version_that_has_it(secrets: Any, secret: str, put: Any) -> None:
    """Recorded from AWS: PutSecretValue with labels of one's own."""
    put("2", "one", "two", "three")
    put("3", "one", "two", "four")
    assert labels_by_value(secrets, secret) == {
        "1": ["AWSCURRENT"],
        "2": ["three"],
        "3": ["four", "one", "two"],
    }


def test_the_current_value_follows_its_label(secrets: Any, secret: str, put: Any) -> None:
    """Recorded from AWS: a pending version that becomes current, twice."""
    second = put("2", "AWSPENDING", "mine")
    move(secrets, secret, "AWSCURRENT", to=second)
    assert secrets.get_secret_value(SecretId=secret)["SecretString"] == "2"
    third = put("3", "AWSPENDING")
    expected = {"1": ["AWSPREVIOUS"], "2": ["AWSCURRENT", "mine"], "3": ["AWSPENDING"]}
    assert labels_by_value(secrets, secret) == expected
    move(secrets, secret, "AWSCURRENT", to=third)
    expected = {"2": ["AWSPREVIOUS", "mine"], "3": ["AWSCURRENT", "AWSPENDING"]}
    assert labels_by_value(secrets, secret) == expected


def test_a_new_current_version_ends_what_was_pending(secrets: Any, secret: str, put: Any) -> None:
    """Recorded from AWS: the version that was current keeps its own labels only."""
    move(secrets, secret, "AWSCURRENT", to=put("2", "AWSPENDING", "mine"))
    put("3")
    expected = {"2": ["AWSPREVIOUS", "mine"], "3": ["AWSCURRENT"]}
    assert labels_by_value(secrets, secret) == expected


def test_a_label_is_taken_from_the_version_that_is_named(
    secrets: Any, secret: str, put: Any
) -> None:
    """API_UpdateSecretVersionStage: RemoveFromVersionId, MoveToVersionId."""
    put("2", "mine")
    third = put("3", "other")
    for given in (
        {"VersionStage": "mine", "MoveToVersionId": third},
        {"VersionStage": "mine", "RemoveFromVersionId": third},
        {
            "VersionStage": "AWSCURRENT",
            "RemoveFromVersionId": version_of(secrets, secret),
        },
    ):
        refused = error_of(secrets.update_secret_version_stage, SecretId=secret, **given)
        assert refused[0] == "InvalidParameterException"


def test_a_label_that_no_version_has(secrets: Any, secret: str) -> None:
    """API_GetSecretValue: ResourceNotFoundException, in AWS's words."""
    assert error_of(secrets.get_secret_value, SecretId=secret, VersionStage="none") == (
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: none",
    )
