"""Roles in tests: policy documents, the keys of sessions, and what IAM denies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
DENIALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
TRUSTS_THE_ACCOUNT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
TRUSTS_EC2 = {"Service": "ec2.amazonaws.com"}
EC2_ASSUMES_IT = {"Effect": "Allow", "Principal": TRUSTS_EC2, "Action": "sts:AssumeRole"}
"""The statement of a trust policy with which instances may have the role."""


def policy_document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def keys_of(answer: dict[str, Any]) -> dict[str, str]:
    credentials = answer["Credentials"]
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def denies(call: Callable[..., Any], **arguments: Any) -> bool:
    """Whether IAM refuses the call; what it is about need not exist."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in DENIALS
    return False
