"""A request is signed as AWS has it, at about the right time, and holds for that request only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import botocore.auth
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from signed_requests import STS_IDENTITY, RawClient, allow, refusal

AwsClient = Any
_SCOPE = "AKIAADMINISTRATOR000/20260101/us-east-1/sts/aws4_request"
_ANOTHER = "UNKNOWNKEY/20260101/eu-west-1/sts/aws4_request"
_FORM = "application/x-www-form-urlencoded"


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


@pytest.fixture
def own(aws: AwsClient, raw: RawClient, user: str) -> RawClient:
    """Signs as a user who may do nothing but look at zones in us-east-1."""
    key = aws("iam").create_access_key(UserName=user)["AccessKey"]
    allow(aws, user, "ec2:DescribeAvailabilityZones")
    raw.key = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    return raw


def _session_of(own: RawClient, authorization: str | None = None, target: str = "/") -> str:
    """The answer to GetSessionToken, with `Credential=` in the header put in the words given."""
    body = urlencode({"Action": "GetSessionToken", "Version": "2011-06-15"}).encode()
    headers = own.signed("sts", target=target, body=body, Content_Type=_FORM)
    if authorization is not None:
        headers["Authorization"] = headers["Authorization"].replace("Credential=", authorization)
    return own.send("POST", target, headers, body)[1]


def _identity_of(own: RawClient, session: str) -> str:
    keys = [
        session.partition(f"<{name}>")[2].partition(f"</{name}>")[0]
        for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    ]
    own.key = Credentials(*keys)
    body = urlencode(STS_IDENTITY).encode()
    return own.send("POST", "/", own.signed("sts", body=body, Content_Type=_FORM), body)[1]


@pytest.mark.parametrize(
    ("authorization", "target"),
    [
        (f"X={_ANOTHER}, Credential=", "/"),
        (f"{_ANOTHER}, Credential=", "/"),
        (f"X-Credential={_ANOTHER}, Credential=", "/"),
        (None, f"/?x={quote(_ANOTHER, safe='')}"),
        (None, "/?AWSAccessKeyId=UNKNOWNKEY"),
    ],
)
def test_only_the_credential_says_who_signed(
    own: RawClient, user: str, authorization: str | None, target: str
) -> None:
    """IAM User Guide, "Elements of an AWS API request signature": it holds key and scope."""
    identity = _identity_of(own, _session_of(own, authorization, target))

    assert f":user/{user}</Arn>" in identity


@pytest.mark.parametrize(
    "authorization", [f"Credential={_ANOTHER}, Credential=", "Signature=0, Credential="]
)
def test_a_part_of_the_signature_is_given_once(own: RawClient, authorization: str) -> None:
    """IAM User Guide, "Elements of an AWS API request signature"."""
    assert "<Code>IncompleteSignature</Code>" in _session_of(own, authorization)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/?x=.eu-west-1.amazonaws.com", {}),
        ("/", {"User_Agent": "region/eu-west-1"}),
    ],
)
def test_a_request_acts_where_it_is_signed_for(
    own: RawClient, target: str, headers: dict[str, str]
) -> None:
    """IAM User Guide, "Elements of an AWS API request signature": the credential scope."""
    ask = {"Action": "DescribeAvailabilityZones", "Version": "2016-11-15"}
    body = urlencode(ask).encode()
    signed = own.signed("ec2", target=target, body=body, Content_Type=_FORM, **headers)

    text = own.send("POST", target, signed, body)[1]

    assert "<regionName>us-east-1</regionName>" in text
    assert "eu-west-1" not in text


def test_a_request_acts_in_the_account_of_its_key(raw: RawClient) -> None:
    """IAM User Guide, "Access keys": they belong to one account."""
    body = urlencode({"Action": "DescribeVpcs", "Version": "2016-11-15"}).encode()
    other = "000000000000"
    signed = raw.signed("ec2", body=body, Content_Type=_FORM, X_Moto_Account_Id=other)

    assert f"<ownerId>{other}</ownerId>" not in raw.send("POST", "/", signed, body)[1]
