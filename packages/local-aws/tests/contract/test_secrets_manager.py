"""Secrets of Secrets Manager."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


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
