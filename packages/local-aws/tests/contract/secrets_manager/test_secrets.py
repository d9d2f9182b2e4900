"""Secrets of Secrets Manager."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import error_of, refusal_of

MISSING = "Secrets Manager can't find the specified secret."


def test_a_name_that_is_scheduled_for_deletion_is_taken(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: InvalidRequestException."""
    secrets = aws("secretsmanager")
    call = {"Name": unique_name, "SecretString": "value"}
    secrets.create_secret(**call)
    secrets.delete_secret(SecretId=unique_name)
    words = "a secret with this name is already scheduled for deletion"
    with pytest.raises(ClientError, match=words) as refused:
        secrets.create_secret(**call)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"
    secrets.delete_secret(SecretId=unique_name, ForceDeleteWithoutRecovery=True)
    assert secrets.create_secret(**call)["Name"] == unique_name


def test_the_day_of_the_last_access_is_shown(aws: Any, unique_name: str) -> None:
    """Recorded from AWS; API_DescribeSecret: LastAccessedDate, truncated to midnight."""
    secrets = aws("secretsmanager")
    secrets.create_secret(Name=unique_name, SecretString="value")
    assert "LastAccessedDate" not in secrets.describe_secret(SecretId=unique_name)
    secrets.get_secret_value(SecretId=unique_name)
    day = secrets.describe_secret(SecretId=unique_name)["LastAccessedDate"]
    assert day.timestamp() % (24 * 3600) == 0


def test_what_is_not_there_is_the_clients_mistake(secrets: Any) -> None:
    """Recorded from AWS: status 400, and the error's member is Message."""
    for call in (secrets.get_secret_value, secrets.list_secret_version_ids):
        assert refusal_of(call, SecretId="none") == (400, "ResourceNotFoundException", MISSING)
    with pytest.raises(ClientError) as refused:
        secrets.describe_secret(SecretId="none")
    assert refused.value.response["Message"] == MISSING


@pytest.mark.parametrize("name", ["In valid", " in", "in*valid?", "in\\valid"])
def test_names_have_a_form(secrets: Any, name: str) -> None:
    """Recorded from AWS: ValidationException."""
    words = (
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
        "following: -/_+=.@!"
    )
    for call, arguments in (
        (secrets.create_secret, {"Name": name, "SecretString": "x"}),
        (secrets.describe_secret, {"SecretId": name}),
        (secrets.put_secret_value, {"SecretId": name, "SecretString": "x"}),
        (secrets.tag_resource, {"SecretId": name, "Tags": [{"Key": "a", "Value": "b"}]}),
    ):
        assert error_of(call, **arguments) == ("ValidationException", words)


def test_a_part_of_an_arn_that_looks_whole_names_no_secret(secrets: Any, unique_name: str) -> None:
    """Recorded from AWS: a hyphen and six characters end a whole ARN."""
    for end, is_found in (("-a1b2", True), ("-a1b2c3", False)):
        arn = secrets.create_secret(Name=f"{unique_name}{end}", SecretString="x")["ARN"]
        part = arn.rpartition("-")[0]
        if is_found:
            assert secrets.get_secret_value(SecretId=part)["ARN"] == arn
        else:
            assert error_of(secrets.get_secret_value, SecretId=part)[1] == MISSING


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("CreateSecret", "InvalidRequestException"),
        ("PutSecretValue", "InvalidRequestException"),
        ("RotateSecret", "InvalidParameterException"),
        ("UpdateSecret", "InvalidRequestException"),
    ],
)
def test_a_new_version_needs_a_token(raw: Any, unique_name: str, action: str, code: str) -> None:
    """Recorded from AWS; the SDKs generate one."""
    name = "Name" if action == "CreateSecret" else "SecretId"
    body = json.dumps({name: unique_name, "SecretString": "x"}).encode()
    headers = raw.signed(
        "secretsmanager",
        body=body,
        content_type="application/x-amz-json-1.1",
        x_amz_target=f"secretsmanager.{action}",
    )
    status, answer = raw.send("POST", "/", headers, body)
    assert status == 400
    assert code in answer
    assert "You must provide a ClientRequestToken value." in answer


def test_a_deleted_secret_has_no_value(secrets: Any, unique_name: str) -> None:
    """API_GetSecretValue, API_PutSecretValue, API_UpdateSecret: InvalidRequestException."""
    secrets.create_secret(Name=unique_name, SecretString="x")
    secrets.delete_secret(SecretId=unique_name)
    words = "You can't perform this operation on the secret because it was marked for deletion."
    new = {"SecretString": "y"}
    for call, arguments in (
        (secrets.get_secret_value, {}),
        (secrets.put_secret_value, new),
        (secrets.update_secret, new),
    ):
        refused = error_of(call, SecretId=unique_name, **arguments)
        assert refused == ("InvalidRequestException", words)


def test_messages_are_not_the_clients_own(secrets: Any, unique_name: str) -> None:
    """API_DeleteSecret: RecoveryWindowInDays; botocore writes what comes before the message."""
    secrets.create_secret(Name=unique_name, SecretString="x")
    refused = error_of(secrets.delete_secret, SecretId=unique_name, RecoveryWindowInDays=6)
    words = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
    assert refused == ("InvalidParameterException", words)


def test_what_a_secret_cannot_be_given(secrets: Any, unique_name: str) -> None:
    """API_CreateSecret: SecretBinary and SecretString; API_PutResourcePolicy; API_RotateSecret."""
    both = {"SecretString": "x", "SecretBinary": b"x"}
    refused = error_of(secrets.create_secret, Name=unique_name, **both)
    assert refused[0] == "InvalidParameterException"
    secrets.create_secret(Name=unique_name, SecretString="x")
    refused = error_of(secrets.put_resource_policy, SecretId=unique_name, ResourcePolicy="{}")
    assert refused[0] == "MalformedPolicyDocumentException"
    refused = error_of(secrets.rotate_secret, SecretId=unique_name)
    assert refused[0] == "InvalidRequestException"
