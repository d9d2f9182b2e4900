"""Forms with which a browser uploads an object, signed by whoever made them.

Source: "Browser-based uploads using POST" in the S3 API Reference.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from role_driver import allow, policy_document

from local_aws.contract.credentials import AccessKey

_BOUNDARY = "----form"

Client = Callable[..., Any]
Form = dict[str, Any]


@pytest.fixture
def client(s3: Any, administrators_key: AccessKey) -> Client:
    """S3 as the administrator, or whose keys are given, signs with this version."""

    def make(version: str, key: str = "", secret: str = "") -> Any:
        return boto3.client(
            "s3",
            region_name="us-east-1",
            endpoint_url=s3.meta.endpoint_url,
            aws_access_key_id=key or administrators_key.access_key_id,
            aws_secret_access_key=secret or administrators_key.secret_access_key,
            config=Config(signature_version=version, s3={"addressing_style": "path"}),
        )

    return make


def send(form: Form, content: bytes = b"hello", **fields: str) -> tuple[int, str]:
    """Post the form with its file; returns the status and the body."""
    lines = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in {**form["fields"], **fields}.items()
    ]
    lines.append('Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n')
    start = f"--{_BOUNDARY}\r\n"
    body = (start + f"\r\n{start}".join(lines)).encode() + content
    request = urllib.request.Request(
        form["url"],
        data=body + f"\r\n--{_BOUNDARY}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_signed_form_uploads_its_file(s3: Any, client: Client, bucket: str, version: str) -> None:
    """The same: with signatures of version 4, and of version 2 as boto3 makes them by default."""
    form = client(version).generate_presigned_post(
        bucket,
        "user/${filename}",
        Fields={"Content-Type": "text/plain", "x-amz-meta-by": "me"},
        Conditions=[{"Content-Type": "text/plain"}, {"x-amz-meta-by": "me"}],
    )

    assert send(form) == (204, "")

    found = s3.get_object(Bucket=bucket, Key="user/a.txt")
    assert found["Body"].read() == b"hello"
    assert (found["ContentType"], found["Metadata"]) == ("text/plain", {"by": "me"})


def test_a_form_may_want_to_know_where_its_object_is(client: Client, bucket: str) -> None:
    """The same: success_action_status."""
    wanted = {"success_action_status": "201"}
    form = client("s3v4").generate_presigned_post(bucket, "k", wanted, [wanted])

    status, document = send(form)

    assert status == 201
    assert f"<Bucket>{bucket}</Bucket><Key>k</Key>" in document


@pytest.mark.parametrize(
    ("conditions", "content", "fields", "status", "code", "words"),
    [
        (
            [["content-length-range", 1, 4]],
            b"hello",
            {},
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
        ),
        (
            [["content-length-range", 9, 10]],
            b"hello",
            {},
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
        ),
        (
            [["starts-with", "$x-amz-meta-by", "m"]],
            b"",
            {"x-amz-meta-by": "you"},
            403,
            "AccessDenied",
            (
                'Invalid according to Policy: Policy Condition failed: ["starts-with", '
                '"$x-amz-meta-by", "m"]'
            ),
        ),
        (
            [],
            b"",
            {"x-amz-meta-by": "me"},
            403,
            "AccessDenied",
            "Invalid according to Policy: Extra input fields: x-amz-meta-by",
        ),
        (
            [],
            b"",
            {"key": "other"},
            403,
            "AccessDenied",
            'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "k"]',
        ),
    ],
    ids=["large", "small", "condition", "extra field", "other key"],
)
def test_a_policy_says_what_may_be_uploaded(
    client: Client, bucket: str, conditions: list[Any], content: bytes, fields: dict[str, str],
    status: int, code: str, words: str,
) -> None:  # fmt: skip
    """ "Creating a POST policy"; the words are those that users reported."""
    form = client("s3v4").generate_presigned_post(bucket, "k", Conditions=conditions)

    answered, document = send(form, content, **fields)

    assert answered == status
    assert f"<Code>{code}</Code><Message>{words}" in document.replace("&quot;", '"')
    assert client("s3v4").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_policy_expires(client: Client, bucket: str) -> None:
    """The same: expiration."""
    form = client("s3v4").generate_presigned_post(bucket, "k", ExpiresIn=-1)
    status, document = send(form)
    assert (status, "Invalid according to Policy: Policy expired." in document) == (403, True)


def test_what_is_ignored_needs_no_condition(client: Client, bucket: str) -> None:
    """The same: fields that begin with x-ignore-."""
    form = client("s3v4").generate_presigned_post(bucket, "k")
    assert send(form, **{"x-ignore-me": "1"})[0] == 204


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_form_is_signed_by_somebody(s3: Any, client: Client, bucket: str, version: str) -> None:
    """ "Error responses" in the S3 API Reference."""
    form = client(version).generate_presigned_post(bucket, "k")
    name = "x-amz-signature" if version == "s3v4" else "signature"
    assert "SignatureDoesNotMatch" in send(form, **{name: "0" * 64})[1]
    other = client(version, "AKIAUNKNOWN000000000", "secret")
    assert "InvalidAccessKeyId" in send(other.generate_presigned_post(bucket, "k"))[1]
    unsigned = {"url": form["url"], "fields": {"key": "k"}}
    assert send(unsigned)[0] == 403
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_who_signs_a_form_may_put_the_object(
    iam: Any, client: Client, bucket: str, unique_name: str
) -> None:
    """ "Required permissions for Amazon S3 API operations": s3:PutObject on the form's key."""
    iam.create_user(UserName=unique_name)
    iam.put_user_policy(
        UserName=unique_name,
        PolicyName="own",
        PolicyDocument=policy_document(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/own/*")),
    )
    key = iam.create_access_key(UserName=unique_name)["AccessKey"]
    user = client("s3v4", key["AccessKeyId"], key["SecretAccessKey"])

    assert send(user.generate_presigned_post(bucket, "own/a"))[0] == 204
    assert send(user.generate_presigned_post(bucket, "others/a"))[0] == 403
