"""AWS requests as they are on the wire, and the keys and policies that they are signed with."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local_aws.contract.credentials import AccessKey

STS_IDENTITY = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
"""The parameters of a request of the query protocol."""


def keys_of(answer: dict[str, Any]) -> dict[str, str]:
    return {
        "aws_access_key_id": answer["AccessKeyId"],
        "aws_secret_access_key": answer["SecretAccessKey"],
        **({"aws_session_token": answer["SessionToken"]} if "SessionToken" in answer else {}),
    }


def policy_document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    response = refused.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def allow(aws: Any, user: str, *actions: str) -> None:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    aws("iam").put_user_policy(
        UserName=user, PolicyName="inline", PolicyDocument=policy_document(statement)
    )


class RawClient:
    """Sends requests as they are, signed by botocore or not at all."""

    def __init__(self, endpoint: str, key: AccessKey) -> None:
        self.endpoint = endpoint
        self.key = Credentials(key.access_key_id, key.secret_access_key)

    def send(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=10)
        try:
            connection.request(method, target, body or None, headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def signed(
        self,
        service: str,
        method: str = "POST",
        target: str = "/",
        body: bytes = b"",
        region: str = "us-east-1",
        **headers: str,
    ) -> dict[str, str]:
        """The headers of the signed request; underscores in names stand for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = AWSRequest(method, self.endpoint + target, named, body)
        request.context["timestamp"] = ""
        kind = S3SigV4Auth if service == "s3" else SigV4Auth
        kind(self.key, service, region).add_auth(request)
        return dict(request.headers.items())
