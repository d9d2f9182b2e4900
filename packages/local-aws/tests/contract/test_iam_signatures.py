"""A request is signed as AWS has it, at about the right time, and holds for that request only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import botocore.auth
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from signed_requests import STS_IDENTITY, RawClient, refusal

AwsClient = Any
_SCOPE = "AKIAADMINISTRATOR000/20260101/us-east-1/sts/aws4_request"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("AWS AKIAADMINISTRATOR000:c2lnbmF0dXJl", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=AKIAADMINISTRATOR000", "IncompleteSignature"),
        (
            f"AWS4-HMAC-SHA256 Credential={_SCOPE}, SignedHeaders=x-amz-date, Signature=0",
            "SignatureDoesNotMatch",
        ),
        ("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0", "Incomplete"),
        ("Bearer token", "IncompleteSignature"),
        ("", "IncompleteSignature"),
    ],
)
def test_a_malformed_signature_is_refused(raw: RawClient, authorization: str, code: str) -> None:
    """IAM User Guide, "Troubleshoot Signature Version 4 signing"."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "Authorization": authorization,
        "X-Amz-Date": now,
        "Content-Type": "application/x-www-form-urlencoded",
    }

    status, text = raw.send("POST", "/", headers, urlencode(STS_IDENTITY).encode())

    assert status in (400, 403)
    assert code in text


@pytest.mark.parametrize("minutes", [-16, 16])
@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("dynamodb", "list_tables", "InvalidSignatureException"),
        ("ec2", "describe_vpcs", "RequestExpired"),
        ("s3", "list_buckets", "RequestTimeTooSkewed"),
    ],
)
def test_a_clock_may_be_wrong_by_a_quarter_of_an_hour(
    aws: AwsClient,
    monkeypatch: pytest.MonkeyPatch,
    minutes: int,
    service: str,
    operation: str,
    code: str,
) -> None:
    """IAM User Guide, "Troubleshoot Signature Version 4 signing"; EC2: RequestExpired."""
    wrong = timedelta(minutes=minutes)
    client = aws(service)

    def clock(by: timedelta) -> None:
        monkeypatch.setattr(
            botocore.auth,
            "get_current_datetime",
            lambda: datetime.now(UTC).replace(tzinfo=None) + by,
        )

    clock(wrong * 14 / 16)
    assert getattr(client, operation)()
    clock(wrong)
    assert refusal(getattr(client, operation))[1] == code


def test_a_signature_holds_for_one_request_only(raw: RawClient) -> None:
    """IAM User Guide, "Elements of an AWS API request signature"."""
    body = urlencode(STS_IDENTITY).encode()
    form = "application/x-www-form-urlencoded"
    headers = raw.signed("sts", body=body, Content_Type=form)

    assert raw.send("POST", "/", headers, body)[0] == 200
    assert raw.send("POST", "/", headers, body + b"&a=b")[0] == 403
    assert raw.send("POST", "/?a=b", headers, body)[0] == 403
    assert (
        raw.send("POST", "/", {**headers, "Content-Type": form + "; charset=utf-8"}, body)[0] == 403
    )
    other = headers["Authorization"].replace("/sts/", "/iam/")
    assert raw.send("POST", "/", {**headers, "Authorization": other}, body)[0] == 403


def test_a_presigned_url_of_another_service(raw: RawClient) -> None:
    """Amazon EKS clients prove who they are with one of GetCallerIdentity."""
    request = AWSRequest("GET", f"{raw.endpoint}/?{urlencode(STS_IDENTITY)}")
    SigV4QueryAuth(raw.key, "sts", "us-east-1", expires=60).add_auth(request)
    target = request.url.removeprefix(raw.endpoint)

    status, text = raw.send("GET", target)

    assert (status, "<GetCallerIdentityResult>" in text) == (200, True)
    assert raw.send("GET", target + "0")[0] == 403
