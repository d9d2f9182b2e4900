"""Who may use the endpoint: whoever signs with a key that was issued here."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.endpoint.server import ControlPlaneServer
from local_aws.control_plane.iam import temporary_keys, unsigned_calls
from local_aws.control_plane.lock import LOCK

AwsClient = Any
Answer = tuple[int, str]
_SCOPE = "AKIAADMINISTRATOR000/20260101/us-east-1/sts/aws4_request"
STS_IDENTITY = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}


def _keys(answer: dict[str, Any]) -> dict[str, str]:
    return {
        "aws_access_key_id": answer["AccessKeyId"],
        "aws_secret_access_key": answer["SecretAccessKey"],
        **({"aws_session_token": answer["SessionToken"]} if "SessionToken" in answer else {}),
    }


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _refusal(call: Callable[..., Any], **arguments: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    response = refused.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


class Raw:
    """Sends requests as they are, signed by botocore or not at all."""

    def __init__(self, endpoint: str, key: AccessKey) -> None:
        self.endpoint = endpoint
        self.key = Credentials(key.access_key_id, key.secret_access_key)

    def send(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
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


@pytest.fixture
def raw(control_plane: ControlPlaneServer, administrators_key: AccessKey) -> Raw:
    return Raw(control_plane.endpoint, administrators_key)


@pytest.fixture
def user(aws: AwsClient, unique_name: str) -> Iterator[str]:
    iam = aws("iam")
    iam.create_user(UserName=unique_name)
    yield unique_name
    for name in iam.list_user_policies(UserName=unique_name)["PolicyNames"]:
        iam.delete_user_policy(UserName=unique_name, PolicyName=name)
    for key in iam.list_access_keys(UserName=unique_name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=unique_name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=unique_name)


@pytest.fixture
def bucket(aws: AwsClient, unique_name: str) -> Iterator[str]:
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    yield unique_name
    for item in s3.list_objects_v2(Bucket=unique_name).get("Contents", []):
        s3.delete_object(Bucket=unique_name, Key=item["Key"])
    s3.delete_bucket(Bucket=unique_name)


def _allow(aws: AwsClient, user: str, *actions: str) -> None:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    aws("iam").put_user_policy(
        UserName=user, PolicyName="inline", PolicyDocument=_document(statement)
    )


@pytest.mark.parametrize(
    ("service", "operation", "unknown", "forged"),
    [
        ("sts", "get_caller_identity", (403, "InvalidClientTokenId"), "SignatureDoesNotMatch"),
        ("cloudformation", "list_stacks", (403, "InvalidClientTokenId"), "SignatureDoesNotMatch"),
        ("ec2", "describe_vpcs", (401, "AuthFailure"), "AuthFailure"),
        (
            "dynamodb",
            "list_tables",
            (400, "UnrecognizedClientException"),
            "InvalidSignatureException",
        ),
        (
            "lambda",
            "list_functions",
            (403, "UnrecognizedClientException"),
            "InvalidSignatureException",
        ),
        ("s3", "list_buckets", (403, "InvalidAccessKeyId"), "SignatureDoesNotMatch"),
    ],
)
def test_a_key_that_was_not_issued_here_and_a_wrong_secret_are_refused(
    aws: AwsClient,
    administrators_key: AccessKey,
    service: str,
    operation: str,
    unknown: tuple[int, str],
    forged: str,
) -> None:
    """Each service's API Reference, "Common errors"; EC2 and S3: "Error codes"."""
    nobody = {"aws_access_key_id": "AKIANOBODYKNOWS00000", "aws_secret_access_key": "x"}
    guesser = {
        "aws_access_key_id": administrators_key.access_key_id,
        "aws_secret_access_key": "guessed",
    }

    assert _refusal(getattr(aws(service, **nobody), operation)) == unknown
    assert _refusal(getattr(aws(service, **guesser), operation))[1] == forged


def test_awss_example_key_is_nobodys(aws: AwsClient) -> None:
    """moto hands it out as everyone's session token and federation token."""
    example = {
        "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
    }

    assert _refusal(aws("sts", **example).get_caller_identity)[1] == "InvalidClientTokenId"


def test_a_users_key_works_until_it_is_inactive_or_deleted(aws: AwsClient, user: str) -> None:
    """IAM User Guide, "Manage access keys": an inactive key cannot be used."""
    iam = aws("iam")
    key = iam.create_access_key(UserName=user)["AccessKey"]
    sts = aws("sts", **_keys(key))

    assert sts.get_caller_identity()["Arn"].endswith(f":user/{user}")
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert _refusal(sts.get_caller_identity) == (403, "InvalidClientTokenId")
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Active")
    assert sts.get_caller_identity()
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    assert _refusal(sts.get_caller_identity) == (403, "InvalidClientTokenId")


def test_a_user_may_do_what_the_policies_of_user_and_groups_allow(
    aws: AwsClient, user: str
) -> None:
    """IAM User Guide, "Policy evaluation logic": nothing is allowed by default."""
    iam = aws("iam")
    keys = _keys(iam.create_access_key(UserName=user)["AccessKey"])
    dynamodb, ssm = aws("dynamodb", **keys), aws("ssm", **keys)
    assert _refusal(dynamodb.list_tables)[1] == "AccessDeniedException"

    _allow(aws, user, "dynamodb:ListTables")
    assert "TableNames" in dynamodb.list_tables()
    assert _refusal(ssm.describe_parameters)[1] == "AccessDeniedException"

    iam.create_group(GroupName=user)
    arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
    iam.attach_group_policy(GroupName=user, PolicyArn=arn)
    iam.add_user_to_group(GroupName=user, UserName=user)
    assert "Parameters" in ssm.describe_parameters()
    iam.remove_user_from_group(GroupName=user, UserName=user)
    iam.detach_group_policy(GroupName=user, PolicyArn=arn)
    iam.delete_group(GroupName=user)


def test_a_session_token_acts_as_its_user(aws: AwsClient, user: str) -> None:
    """STS API Reference, GetSessionToken: the permissions of the user who called it."""
    keys = _keys(aws("iam").create_access_key(UserName=user)["AccessKey"])
    _allow(aws, user, "dynamodb:ListTables")

    session = _keys(aws("sts", **keys).get_session_token()["Credentials"])

    assert aws("sts", **session).get_caller_identity()["Arn"].endswith(f":user/{user}")
    assert "TableNames" in aws("dynamodb", **session).list_tables()
    assert _refusal(aws("ssm", **session).describe_parameters)[1] == "AccessDeniedException"
    assert _refusal(aws("sts", **session).get_session_token)[1] == "AccessDenied"
    stolen = {**session, "aws_session_token": "another"}
    assert _refusal(aws("sts", **stolen).get_caller_identity)[1] == "InvalidClientTokenId"


def test_an_administrators_session_token_is_an_administrators(aws: AwsClient) -> None:
    keys = _keys(aws("sts").get_session_token()["Credentials"])

    assert "Parameters" in aws("ssm", **keys).describe_parameters()


def test_a_federated_user_may_do_what_both_policies_allow(aws: AwsClient, user: str) -> None:
    """STS API Reference, GetFederationToken: the intersection; nothing without a policy."""
    keys = _keys(aws("iam").create_access_key(UserName=user)["AccessKey"])
    _allow(aws, user, "dynamodb:ListTables", "ssm:*", "sts:GetFederationToken")
    sts = aws("sts", **keys)
    policy = _document({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})

    limited = _keys(sts.get_federation_token(Name="bob", Policy=policy)["Credentials"])
    bare = _keys(sts.get_federation_token(Name="bob")["Credentials"])

    arn = aws("sts", **limited).get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{DEFAULT_ACCOUNT_ID}:federated-user/bob"
    assert "TableNames" in aws("dynamodb", **limited).list_tables()
    assert _refusal(aws("dynamodb", **limited).describe_limits)[1] == "AccessDeniedException"
    assert _refusal(aws("ssm", **limited).describe_parameters)[1] == "AccessDeniedException"
    assert _refusal(aws("dynamodb", **bare).list_tables)[1] == "AccessDeniedException"


def test_a_temporary_key_ends(aws: AwsClient) -> None:
    keys = _keys(aws("sts").get_session_token(DurationSeconds=900)["Credentials"])
    known = temporary_keys.keys_of(sts_backends[DEFAULT_ACCOUNT_ID]["aws"])
    key = known[keys["aws_access_key_id"]]
    object.__setattr__(key, "expires_at", datetime.now(UTC) - timedelta(seconds=1))

    assert _refusal(aws("sts", **keys).get_caller_identity) == (403, "ExpiredToken")


def test_an_unsigned_request_is_refused_in_its_protocol(raw: Raw) -> None:
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
def test_a_malformed_signature_is_refused(raw: Raw, authorization: str, code: str) -> None:
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
    assert _refusal(getattr(client, operation))[1] == code


def test_a_signature_holds_for_one_request_only(raw: Raw) -> None:
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


def test_spaces_and_encodings_are_those_of_the_canonical_request(raw: Raw, bucket: str) -> None:
    """S3 API Reference, "Create a canonical request": trimmed headers, paths encoded once."""
    path, loosely = f"/{bucket}/a%20b/%C3%BC%2B%281%29", f"/{bucket}/a%20b/%c3%bc%2B(1)"
    headers = raw.signed("s3", "PUT", path, b"1", X_Amz_Meta_Note="  two   words ")

    assert raw.send("PUT", path, headers, b"1")[0] == 200
    assert raw.send("GET", loosely, raw.signed("s3", "GET", path)) == (200, "1")
    headers = raw.signed("lambda", "GET", "/2015-03-31/functions/a%20b")
    assert raw.send("GET", "/2015-03-31/functions/a%20b", headers)[0] == 404


def test_metadata_with_underscores_and_several_words_is_kept(aws: AwsClient, bucket: str) -> None:
    """The names are signed as they are; many HTTP servers drop them."""
    s3 = aws("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"", Metadata={"under_score": "a  b", "da-sh": "c"})

    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {
        "under_score": "a  b",
        "da-sh": "c",
    }


def test_the_payload_must_be_the_one_that_was_signed(raw: Raw, bucket: str) -> None:
    """S3 API Reference, "Error responses": XAmzContentSHA256Mismatch."""
    path = f"/{bucket}/k"
    headers = raw.signed("s3", "PUT", path, b"one")

    status, text = raw.send("PUT", path, headers, b"two")

    assert (status, "<Code>XAmzContentSHA256Mismatch</Code>" in text) == (400, True)
    unsigned = raw.signed("s3", "PUT", path, b"one", X_Amz_Acl="private")
    status, text = raw.send("PUT", path, {**unsigned, "X-Amz-Meta-A": "b"}, b"one")
    assert (status, "not signed" in text) == (403, True)


@pytest.mark.parametrize("version", ["s3v4", None])
def test_a_presigned_url_works_for_its_time(
    aws: AwsClient,
    raw: Raw,
    control_plane: ControlPlaneServer,
    bucket: str,
    version: str | None,
) -> None:
    """S3 User Guide, "Download and upload objects with presigned URLs".

    boto3 and the AWS CLI sign those for us-east-1 with version 2 unless told otherwise.
    """
    aws("s3").put_object(Bucket=bucket, Key="a b", Body=b"1")
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=control_plane.endpoint,
        aws_access_key_id=raw.key.access_key,
        aws_secret_access_key=raw.key.secret_key,
        config=Config(signature_version=version),
    )

    def target(operation: str = "get_object", key: str = "a b", seconds: int = 60) -> str:
        url = client.generate_presigned_url(
            operation, {"Bucket": bucket, "Key": key}, ExpiresIn=seconds
        )
        return str(url).removeprefix(control_plane.endpoint)

    assert raw.send("GET", target()) == (200, "1")
    assert raw.send("PUT", target("put_object", "c"), body=b"2")[0] == 200
    assert raw.send("GET", target(key="c")) == (200, "2")
    status, text = raw.send("GET", target().replace("a%20b", "c"))
    assert (status, "<Code>SignatureDoesNotMatch</Code>" in text) == (403, True)
    assert raw.send("DELETE", target())[0] == 403
    assert raw.send("PUT", target("put_object", "d"), {"X-Amz-Acl": "public-read"}, b"")[0] == 403
    status, text = raw.send("GET", target(seconds=-1))
    assert status in (400, 403)
    assert "expired" in text or "X-Amz-Expires" in text


def test_a_presigned_url_of_another_service(raw: Raw) -> None:
    """Amazon EKS clients prove who they are with one of GetCallerIdentity."""
    request = AWSRequest("GET", f"{raw.endpoint}/?{urlencode(STS_IDENTITY)}")
    SigV4QueryAuth(raw.key, "sts", "us-east-1", expires=60).add_auth(request)
    target = request.url.removeprefix(raw.endpoint)

    status, text = raw.send("GET", target)

    assert (status, "<GetCallerIdentityResult>" in text) == (200, True)
    assert raw.send("GET", target + "0")[0] == 403


def _chunked(raw: Raw, path: str, *chunks: bytes) -> tuple[dict[str, str], bytes]:
    """An upload in signed chunks, as the SDKs for Java and others make it over plain HTTP."""
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

    class Signer(S3SigV4Auth):
        def payload(self, _: AWSRequest) -> str:
            return kind

    size = str(sum(map(len, chunks)))
    request = AWSRequest(
        "PUT",
        raw.endpoint + path,
        {"Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": size},
    )
    signer = Signer(raw.key, "s3", "us-east-1")
    signer.add_auth(request)
    previous = request.headers["Authorization"].rpartition("=")[2]
    body = b""
    for chunk in (*chunks, b""):
        empty = botocore.auth.EMPTY_SHA256_HASH
        to_sign = "\n".join(
            (
                "AWS4-HMAC-SHA256-PAYLOAD",
                request.context["timestamp"],
                signer.credential_scope(request),
                previous,
                empty,
                botocore.auth.sha256(chunk).hexdigest(),
            )
        )
        previous = signer.signature(to_sign, request)
        body += f"{len(chunk):x};chunk-signature={previous}\r\n".encode() + chunk + b"\r\n"
    return dict(request.headers.items()), body


def test_an_upload_in_signed_chunks(aws: AwsClient, raw: Raw, bucket: str) -> None:
    """S3 API Reference, "Transferring payload in multiple chunks": each is signed."""
    path = f"/{bucket}/chunks"
    headers, body = _chunked(raw, path, b"one " * 2000, b"two")

    assert raw.send("PUT", path, headers, body)[0] == 200
    stored = aws("s3").get_object(Bucket=bucket, Key="chunks")["Body"].read()
    assert stored == b"one " * 2000 + b"two"
    assert raw.send("PUT", path, headers, body.replace(b"two", b"2wo"))[0] == 403
    assert raw.send("PUT", path, headers, b"no chunks")[0] == 400


def test_an_upload_with_a_trailing_checksum(aws: AwsClient, raw: Raw, bucket: str) -> None:
    """S3 User Guide, "Checking object integrity": trailing checksums, botocore's default on TLS."""
    path = f"/{bucket}/trailer"
    body = b"3\r\none\r\n0\r\nx-amz-checksum-crc32:dummy==\r\n\r\n"

    class Signer(S3SigV4Auth):
        def payload(self, _: AWSRequest) -> str:
            return "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

    request = AWSRequest("PUT", raw.endpoint + path, {"Content-Encoding": "aws-chunked"})
    Signer(raw.key, "s3", "us-east-1").add_auth(request)
    headers = dict(request.headers.items())

    assert raw.send("PUT", path, headers, body)[0] == 200
    assert aws("s3").get_object(Bucket=bucket, Key="trailer")["Body"].read() == b"one"


def test_anonymous_reads_need_a_bucket_policy_or_an_acl(
    aws: AwsClient, raw: Raw, bucket: str
) -> None:
    """S3 User Guide, "Access control": what a policy or an ACL gives to everyone."""
    s3 = aws("s3")
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
    s3.put_bucket_policy(Bucket=bucket, Policy=_document(statement))

    assert raw.send("GET", f"/{bucket}/open/a") == (200, "1")
    assert raw.send("GET", f"/{bucket}/acl") == (200, "1")
    assert raw.send("GET", f"/{bucket}/shut")[0] == 403
    assert raw.send("GET", f"/{bucket}")[0] == 403
    assert raw.send("PUT", f"/{bucket}/open/b", body=b"2")[0] == 403
    assert raw.send("DELETE", f"/{bucket}/open/a")[0] == 403


def test_a_web_identity_needs_a_role_that_trusts_its_provider(
    aws: AwsClient, raw: Raw, unique_name: str
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
        for name, trust in (("web", _document(federated)), ("own", _document(account)))
    }

    def assume(role: str, subject: str) -> Answer:
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


def test_a_refusal_does_not_wait_for_anybody(raw: Raw) -> None:
    """Whoever is not known here cannot hold up those who are, nor wait in their queue."""
    with LOCK:
        assert raw.send("GET", "/?Action=DescribeStacks")[0] == 403


@pytest.mark.parametrize(
    "words",
    [
        ("s3", "ls"),
        ("sts", "get-caller-identity"),
        ("ec2", "describe-vpcs"),
        ("ssm", "describe-parameters"),
        ("cloudformation", "list-stacks"),
    ],
)
def test_the_aws_cli(raw: Raw, words: tuple[str, ...], tmp_path: Path) -> None:
    assert _aws_cli(raw, tmp_path, *words).returncode == 0


def test_the_aws_cli_copies_large_files_and_presigns(raw: Raw, bucket: str, tmp_path: Path) -> None:
    """70 MB go up in parts of 8 MB; a presigned URL is one to fetch with any program."""
    large, back = tmp_path / "large", tmp_path / "back"
    large.write_bytes(bytes(range(256)) * 4 * 1024 * 70)

    assert _aws_cli(raw, tmp_path, "s3", "cp", str(large), f"s3://{bucket}/l e").returncode == 0
    assert _aws_cli(raw, tmp_path, "s3", "cp", f"s3://{bucket}/l e", str(back)).returncode == 0
    assert back.read_bytes() == large.read_bytes()
    url = _aws_cli(raw, tmp_path, "s3", "presign", f"s3://{bucket}/l e").stdout.strip()
    assert raw.send("GET", url.removeprefix(raw.endpoint), {"Range": "bytes=1-2"})[0] == 206


def _aws_cli(raw: Raw, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "AWS_ENDPOINT_URL": raw.endpoint,
        "AWS_ACCESS_KEY_ID": str(raw.key.access_key),
        "AWS_SECRET_ACCESS_KEY": str(raw.key.secret_key),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    return subprocess.run(
        [Path(sys.executable).with_name("aws"), *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
