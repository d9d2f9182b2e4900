"""A user's new name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7"


def test_what_a_user_has_goes_by_the_new_name(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: access keys, SSH keys, MFA devices and passwords."""
    iam, sts, new = aws("iam"), aws("sts"), f"{unique_name}-new"
    iam.create_user(UserName=unique_name)
    key = iam.create_access_key(UserName=unique_name)["AccessKey"]
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    iam.upload_ssh_public_key(UserName=unique_name, SSHPublicKeyBody=KEY)
    iam.create_login_profile(UserName=unique_name, Password="Abc-12345-x")

    iam.update_user(UserName=unique_name, NewUserName=new)

    [shown] = iam.list_access_keys(UserName=new)["AccessKeyMetadata"]
    [public] = iam.list_ssh_public_keys(UserName=new)["SSHPublicKeys"]
    profile = iam.get_login_profile(UserName=new)["LoginProfile"]
    assert [each["UserName"] for each in (shown, public, profile)] == [new] * 3
    arn = aws("sts", **keys).get_caller_identity()["Arn"]
    assert arn == f"arn:aws:iam::{sts.get_caller_identity()['Account']}:user/{new}"
    iam.delete_access_key(UserName=new, AccessKeyId=key["AccessKeyId"])
    assert iam.list_access_keys(UserName=new)["AccessKeyMetadata"] == []


def test_a_name_that_another_user_has_is_taken(aws: Any, unique_name: str) -> None:
    """API_UpdateUser: EntityAlreadyExists."""
    iam, other = aws("iam"), f"{unique_name}-other"
    for name in (unique_name, other):
        iam.create_user(UserName=name)
    with pytest.raises(ClientError, match=f"User with name {other} already exists") as refused:
        iam.update_user(UserName=unique_name, NewUserName=other)
    assert refused.value.response["Error"]["Code"] == "EntityAlreadyExists"
