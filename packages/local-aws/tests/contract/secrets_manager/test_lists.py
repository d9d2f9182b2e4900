"""Lists of secrets: their order and pages."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of


@pytest.fixture
def listed(secrets: Any, unique_name: str) -> dict[str, Any]:
    """What finds four new secrets, created in the order d, c, b, a."""
    for name in "dcba":
        secrets.create_secret(Name=f"{unique_name}-{name}", SecretString="1")
    return {"Filters": [{"Key": "name", "Values": [unique_name]}]}


def last_letters(found: list[Any]) -> list[str]:
    return [str(each["Name"])[-1] for each in found]


def test_secrets_in_an_order(secrets: Any, listed: dict[str, Any]) -> None:
    """API_ListSecrets: SortBy, SortOrder."""
    for order, letters in (("asc", ["a", "b", "c", "d"]), ("desc", ["d", "c", "b", "a"])):
        found = secrets.list_secrets(**listed, SortBy="name", SortOrder=order)
        assert last_letters(found["SecretList"]) == letters


def test_secrets_by_when_they_were_read(
    secrets: Any, unique_name: str, listed: dict[str, Any]
) -> None:
    """API_ListSecrets: SortBy "last-accessed-date"; one that was never read is the oldest."""
    secrets.get_secret_value(SecretId=f"{unique_name}-b")
    found = secrets.list_secrets(**listed, SortBy="last-accessed-date", SortOrder="desc")
    assert last_letters(found["SecretList"])[0] == "b"


def test_a_secret_that_goes_takes_no_other_along(
    secrets: Any, unique_name: str, listed: dict[str, Any]
) -> None:
    """API_ListSecrets: NextToken."""
    asked = {**listed, "SortBy": "name", "SortOrder": "desc"}
    first = secrets.list_secrets(**asked, MaxResults=2)
    secrets.delete_secret(SecretId=f"{unique_name}-c", ForceDeleteWithoutRecovery=True)
    rest = secrets.list_secrets(**asked, NextToken=first["NextToken"])
    pages = last_letters(first["SecretList"]), last_letters(rest["SecretList"])
    assert pages == (["d", "c"], ["b", "a"])
    refused = error_of(secrets.list_secrets, **listed, NextToken=first["NextToken"])
    assert refused[0] == "InvalidNextTokenException"


def test_values_in_pages(secrets: Any, unique_name: str, listed: dict[str, Any]) -> None:
    """API_BatchGetSecretValue: MaxResults with Filters, NextToken."""
    first = secrets.batch_get_secret_value(**listed, MaxResults=3)
    secrets.delete_secret(SecretId=f"{unique_name}-a", ForceDeleteWithoutRecovery=True)
    rest = secrets.batch_get_secret_value(**listed, NextToken=first["NextToken"])
    pages = last_letters(first["SecretValues"]), last_letters(rest["SecretValues"])
    assert pages == (["a", "b", "c"], ["d"])


def test_versions_whose_labels_move_between_pages(secrets: Any, unique_name: str) -> None:
    """API_ListSecretVersionIds: versions without labels are left out, and the others are not."""
    secret = secrets.create_secret(Name=unique_name, SecretString="0")["ARN"]
    for label in "abc":
        secrets.put_secret_value(SecretId=secret, SecretString=label, VersionStages=[label])
    first = secrets.list_secret_version_ids(SecretId=secret, MaxResults=2)
    secrets.update_secret_version_stage(
        SecretId=secret, VersionStage="a", RemoveFromVersionId=first["Versions"][1]["VersionId"]
    )
    rest = secrets.list_secret_version_ids(SecretId=secret, NextToken=first["NextToken"])
    assert [each["VersionStages"] for each in rest["Versions"]] == [["b"], ["c"]]
