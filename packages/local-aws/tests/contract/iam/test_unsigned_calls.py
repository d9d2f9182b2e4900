"""Requests that nobody signed: refused, but for the few calls that AWS takes so."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import boto3
import botocore.auth
from moto.core.models import DEFAULT_ACCOUNT_ID
from public_bucket import let_be_public
from refusals import refusal_of
from signed_requests import STS_IDENTITY, RawClient, policy_document

from local_aws.control_plane.iam.authorization import unsigned_calls
from local_aws.control_plane.lock import LOCK

AwsClient = Any


def test_an_unsigned_request_is_refused_in_its_protocol(raw: RawClient) -> None:
    """Each service's "Common errors": MissingAuthenticationToken; S3: AccessDenied."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}

    status, text = raw.send("POST", "/", form, urlencode(STS_IDENTITY).encode())
    assert (status, "<Code>MissingAuthenticationToken</Code>" in text) == (403, True)
    status, text = raw.send("POST", "/", target, b"{}")
    assert (status, json.loads(text)["__type"]) == (400, "MissingAuthenticationTokenException")
    assert raw.send("GET", "/")[0] == 200  # it says that it is there
    status, text = raw.send("GET", "/any-bucket?acl")
    assert (status, "<Code>NoSuchBucket</Code>" in text) == (404, True)
    # moto would route by the path, to whatever service it names.
    assert raw.send("GET", "/dynamodb_us-east-1/x")[0] == 404
    assert raw.send("PUT", "/any-bucket")[0] == 403


def test_anonymous_reads_need_a_bucket_policy_or_an_acl(
    aws: AwsClient, raw: RawClient, bucket: str
) -> None:
    """S3 User Guide, "Access control": what a policy or an ACL gives to everyone."""
    s3 = aws("s3")
    let_be_public(s3, bucket)
    for key in ("shut", "open/a"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    s3.put_object(Bucket=bucket, Key="acl", Body=b"1", ACL="public-read")
    assert raw.send("GET", f"/{bucket}/open/a")[0] == 403

    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/open/*",
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=policy_document(statement))

    assert raw.send("GET", f"/{bucket}/open/a") == (200, "1")
    assert raw.send("GET", f"/{bucket}/acl") == (200, "1")
    assert raw.send("GET", f"/{bucket}/shut")[0] == 403
    assert raw.send("GET", f"/{bucket}")[0] == 403
    assert raw.send("PUT", f"/{bucket}/open/b", body=b"2")[0] == 403
    assert raw.send("DELETE", f"/{bucket}/open/a")[0] == 403

    blocked = {"IgnorePublicAcls": True, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=blocked)
    assert raw.send("GET", f"/{bucket}/open/a")[0] == 403
    assert raw.send("GET", f"/{bucket}/acl")[0] == 403


def test_conditions_and_exceptions_hold_for_who_signs_nothing(
    aws: AwsClient, raw: RawClient, bucket: str
) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:SourceIp and aws:SecureTransport are
    in every request; "AWS JSON policy elements: NotPrincipal"."""
    s3 = aws("s3")
    let_be_public(s3, bucket)
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    everyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    here = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
    root = {"AWS": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"}
    excepted = {**everyone, "Effect": "Deny", "NotPrincipal": root}
    del excepted["Principal"]
    for statements, status in (
        ([{**everyone, "Condition": here}], 200),
        ([everyone, {**everyone, "Effect": "Deny", "Condition": here}], 403),
        ([everyone, excepted], 403),
    ):
        s3.put_bucket_policy(Bucket=bucket, Policy=policy_document(*statements))
        assert raw.send("GET", f"/{bucket}/a")[0] == status


def test_a_web_identity_needs_a_role_that_trusts_its_provider(
    aws: AwsClient, raw: RawClient, unique_name: str
) -> None:
    """STS API Reference, AssumeRoleWithWebIdentity: it is not signed."""
    iam = aws("iam")
    provider = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:oidc-provider/issuer.example"
    federated = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"issuer.example:sub": "me"}},
    }
    account = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    roles = {
        name: iam.create_role(RoleName=f"{unique_name}-{name}", AssumeRolePolicyDocument=trust)
        for name, trust in (("web", policy_document(federated)), ("own", policy_document(account)))
    }

    def assume(role: str, subject: str) -> tuple[int, str]:
        claims = json.dumps({"iss": "https://issuer.example", "sub": subject}).encode()
        token = f"h.{botocore.auth.base64.urlsafe_b64encode(claims).decode().rstrip('=')}.s"
        fields = {
            "Action": "AssumeRoleWithWebIdentity",
            "Version": "2011-06-15",
            "RoleArn": roles[role]["Role"]["Arn"],
            "RoleSessionName": "me",
            "WebIdentityToken": token,
        }
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return raw.send("POST", "/", form, urlencode(fields).encode())

    assert assume("web", "me")[0] == 200
    assert assume("web", "you")[0] == 403
    assert assume("own", "me")[0] == 403
    words = (
        "The ID Token provided is not a valid JWT. "
        "(You may see this error if you sent an Access Token)"
    )
    call = {"RoleArn": roles["web"]["Role"]["Arn"], "RoleSessionName": "me"}
    refused = refusal_of(
        aws("sts").assume_role_with_web_identity, **call, WebIdentityToken="no.token"
    )
    assert refused == (400, "InvalidIdentityToken", words)
    for name in roles:
        iam.delete_role(RoleName=f"{unique_name}-{name}")


def test_cognitos_unsigned_calls_are_those_that_botocore_does_not_sign() -> None:
    session = boto3.Session()._session
    for target, service in (
        ("AWSCognitoIdentityService", "cognito-identity"),
        ("AWSCognitoIdentityProviderService", "cognito-idp"),
    ):
        model = session.get_service_model(service)
        unsigned = {
            name
            for name in model.operation_names
            if model.operation_model(name).auth_type == "none"
            or model.operation_model(name).auth == ["smithy.api#noAuth"]
        }
        assert unsigned_calls.COGNITO[target] <= unsigned


def test_a_refusal_does_not_wait_for_anybody(raw: RawClient) -> None:
    """Whoever is not known here cannot hold up those who are, nor wait in their queue."""
    with LOCK:
        assert raw.send("GET", "/?Action=DescribeStacks")[0] == 403
