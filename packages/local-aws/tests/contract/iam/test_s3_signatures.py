"""S3's own signatures: paths and metadata, payloads, presigned URLs, uploads in chunks."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from signed_requests import RawClient

from local_aws.control_plane.endpoint.server import ControlPlaneServer

AwsClient = Any


def test_spaces_and_encodings_are_those_of_the_canonical_request(
    raw: RawClient, bucket: str
) -> None:
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


def test_the_payload_must_be_the_one_that_was_signed(raw: RawClient, bucket: str) -> None:
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
    raw: RawClient,
    control_plane: ControlPlaneServer,
    bucket: str,
    version: str | None,
) -> None:
    """S3 User Guide, "Download and upload objects with presigned URLs".

    boto3 and the AWS CLI sign those for us-east-1 with version 2 by default.
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


def _chunked(raw: RawClient, path: str, *chunks: bytes) -> tuple[dict[str, str], bytes]:
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


def test_an_upload_in_signed_chunks(aws: AwsClient, raw: RawClient, bucket: str) -> None:
    """S3 API Reference, "Transferring payload in multiple chunks": each is signed."""
    path = f"/{bucket}/chunks"
    headers, body = _chunked(raw, path, b"one " * 2000, b"two")

    assert raw.send("PUT", path, headers, body)[0] == 200
    stored = aws("s3").get_object(Bucket=bucket, Key="chunks")["Body"].read()
    assert stored == b"one " * 2000 + b"two"
    assert raw.send("PUT", path, headers, body.replace(b"two", b"2wo"))[0] == 403
    assert raw.send("PUT", path, headers, b"no chunks")[0] == 400


def test_an_upload_with_a_trailing_checksum(aws: AwsClient, raw: RawClient, bucket: str) -> None:
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


def test_a_wrong_region_is_answered_with_the_right_one(raw: RawClient) -> None:
    """S3 API Reference, "Error responses": clients sign again with the Region that it names."""
    headers = raw.signed("s3", "GET", "/", region="US")
    del headers["X-Amz-Content-SHA256"]  # which is looked at later
    status, text = raw.send("GET", "/", headers)
    assert (status, "<Code>AuthorizationHeaderMalformed</Code>" in text) == (400, True)
    assert "<Region>us-east-1</Region>" in text
