"""Checksums that S3 computes itself: of objects, of parts, and of what parts make."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from refusals import refusal_of
from signed_requests import RawClient

from local_aws.contract.credentials import AccessKey

_PUBLISHED = {"CRC32": 0xCBF43926, "CRC32C": 0xE3069283, "CRC64NVME": 0xAE8B14860A799888}
"""Of `123456789`: the catalogue of parametrised CRC algorithms, "check"."""
_CHECK = b"123456789"
_FIRST, _LAST = b"1" * (5 << 20), b"2"
_WHOLE = {"CRC32": "ppcU1g==", "CRC32C": "I91mYA==", "CRC64NVME": "wKdzMDghtWc="}
_CRC32C_OF_PARTS = "J9VBvg=="
"""Computed by the AWS Common Runtime: of both parts, and of their checksums."""
_PARTS = ("OGE8Qg==", "g6VqFw==")
"""The CRC32C of each part, of which that one is."""


@pytest.mark.parametrize("algorithm", _PUBLISHED)
def test_an_object_has_the_published_checksum(s3: Any, bucket: str, algorithm: str) -> None:
    """S3 User Guide, "Checking object integrity for data uploads": supported algorithms."""
    at = {"Bucket": bucket, "Key": "k"}
    own = _written(algorithm, _PUBLISHED[algorithm])
    name = f"Checksum{algorithm}"

    assert s3.put_object(**at, Body=_CHECK, **{name: own})[name] == own
    assert s3.head_object(**at, ChecksumMode="ENABLED")[name] == own
    copied = s3.copy_object(
        Bucket=bucket, Key="copy", CopySource=f"{bucket}/k", ChecksumAlgorithm=algorithm
    )
    assert copied["CopyObjectResult"][name] == own


@pytest.mark.parametrize("algorithm", _PUBLISHED)
def test_what_has_another_checksum_is_not_kept(s3: Any, bucket: str, algorithm: str) -> None:
    """API_PutObject, API_UploadPart: BadDigest."""
    at = {"Bucket": bucket, "Key": "k"}
    wrong = {f"Checksum{algorithm}": _written(algorithm, 1), "Body": _CHECK}
    words = f"The {algorithm} you specified did not match the calculated checksum."
    upload = {**at, "UploadId": s3.create_multipart_upload(**at)["UploadId"]}

    assert refusal_of(s3.put_object, **at, **wrong) == (400, "BadDigest", words)
    assert refusal_of(s3.upload_part, **upload, PartNumber=1, **wrong) == (400, "BadDigest", words)

    assert s3.list_parts(**upload).get("Parts", []) == []
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    s3.abort_multipart_upload(**upload)


def test_a_checksum_may_come_after_the_body(raw: RawClient, s3: Any, bucket: str) -> None:
    """S3 API Reference, "Using trailing checksums with aws-chunked": the trailer counts as a
    header does."""

    def put(value: int) -> int:
        written = _written("CRC32C", value)
        chunks = f"9\r\n{_CHECK.decode()}\r\n0\r\nx-amz-checksum-crc32c:{written}\r\n\r\n"
        path = f"/{bucket}/k"
        headers = {"Content-Encoding": "aws-chunked", "x-amz-trailer": "x-amz-checksum-crc32c"}
        request = AWSRequest("PUT", raw.endpoint + path, headers)
        _Signer(raw.key, "s3", "us-east-1").add_auth(request)
        return raw.send("PUT", path, dict(request.headers.items()), chunks.encode())[0]

    assert put(1) == 400
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert put(_PUBLISHED["CRC32C"]) == 200
    shown = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert shown["ChecksumCRC32C"] == _written("CRC32C", _PUBLISHED["CRC32C"])


class _Signer(S3SigV4Auth):
    """Leaves the body, and what comes after it, unsigned."""

    def payload(self, _: AWSRequest) -> str:
        return "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


@pytest.fixture
def silent(s3: Any, administrators_key: AccessKey) -> Any:
    """A client that sends no checksum of its own: boto3's would be a CRC32, whatever the upload."""
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=s3.meta.endpoint_url,
        aws_access_key_id=administrators_key.access_key_id,
        aws_secret_access_key=administrators_key.secret_access_key,
        config=Config(request_checksum_calculation="when_required"),
    )


@pytest.fixture
def uploaded(s3: Any, silent: Any, bucket: str) -> Callable[..., dict[str, Any]]:
    """Begins an upload in two parts with these settings; returns the request that completes it."""

    def upload(**settings: str) -> dict[str, Any]:
        at = {"Bucket": bucket, "Key": "k"}
        of_it = {**at, "UploadId": s3.create_multipart_upload(**at, **settings)["UploadId"]}
        sent = [
            silent.upload_part(**of_it, PartNumber=n, Body=body)
            for n, body in enumerate((_FIRST, _LAST), start=1)
        ]
        parts = [{"PartNumber": n, "ETag": each["ETag"]} for n, each in enumerate(sent, start=1)]
        return {**of_it, "MultipartUpload": {"Parts": parts}}

    return upload


@pytest.mark.parametrize("algorithm", _PUBLISHED)
def test_parts_make_the_checksum_of_the_whole(
    s3: Any, uploaded: Callable[..., dict[str, Any]], algorithm: str
) -> None:
    """S3 User Guide, "Checking object integrity": full object checksums."""
    name, expected = f"Checksum{algorithm}", _WHOLE[algorithm]
    request = uploaded(ChecksumAlgorithm=algorithm, ChecksumType="FULL_OBJECT")
    wrong = refusal_of(s3.complete_multipart_upload, **request, **{name: _written(algorithm, 1)})
    assert wrong == (
        400,
        "BadDigest",
        f"The {algorithm.lower()} you specified did not match the calculated checksum.",
    )

    done = s3.complete_multipart_upload(**request, **{name: expected})

    assert (done[name], done["ChecksumType"]) == (expected, "FULL_OBJECT")


def test_a_composite_checksum_is_that_of_the_parts(
    s3: Any, uploaded: Callable[..., dict[str, Any]]
) -> None:
    """S3 User Guide, "Checking object integrity": composite checksums, with the count of parts."""
    done = s3.complete_multipart_upload(**_named(uploaded(ChecksumAlgorithm="CRC32C"), *_PARTS))

    assert done["ChecksumCRC32C"] == f"{_CRC32C_OF_PARTS}-2"
    assert done["ChecksumType"] == "COMPOSITE"


def test_a_composite_checksum_needs_those_of_the_parts(
    s3: Any, uploaded: Callable[..., dict[str, Any]]
) -> None:
    """API_CompletedPart; what the real S3 answers, as clients' tests have it."""
    request, other = uploaded(ChecksumAlgorithm="CRC32C"), _written("CRC32C", 1)

    def refusal(*checksums: str) -> tuple[int, str, str]:
        return refusal_of(s3.complete_multipart_upload, **_named(request, *checksums))

    assert refusal() == (
        400,
        "InvalidRequest",
        (
            "The upload was created using a crc32c checksum. The complete request must include the "
            "checksum for each part. It was missing for part 1 in the request."
        ),
    )
    assert refusal(_PARTS[0], other)[:2] == (400, "InvalidPart")
    assert refusal(_PARTS[0], "none")[:2] == (400, "InvalidArgument")


def test_a_part_has_the_checksum_that_a_completion_gives(
    s3: Any, uploaded: Callable[..., dict[str, Any]]
) -> None:
    """API_CompletedPart: with the checksum of the whole, those of the parts may be given, too."""
    request = uploaded(ChecksumAlgorithm="CRC32C", ChecksumType="FULL_OBJECT")
    wrong = _named(request, _written("CRC32C", 1))
    assert refusal_of(s3.complete_multipart_upload, **wrong)[:2] == (400, "InvalidPart")
    s3.complete_multipart_upload(**_named(request, *_PARTS))


def test_parts_are_listed_with_their_checksums(
    s3: Any, uploaded: Callable[..., dict[str, Any]]
) -> None:
    """API_ListParts, API_GetObjectAttributes: ObjectParts."""
    request = _named(uploaded(ChecksumAlgorithm="CRC32C"), *_PARTS)
    of_upload = {name: request[name] for name in ("Bucket", "Key", "UploadId")}
    at = {"Bucket": request["Bucket"], "Key": request["Key"]}
    expected = [(1, len(_FIRST), _PARTS[0]), (2, len(_LAST), _PARTS[1])]

    listed = s3.list_parts(**of_upload)
    assert (listed["ChecksumAlgorithm"], listed["ChecksumType"]) == ("CRC32C", "COMPOSITE")
    assert _shown(listed["Parts"]) == expected
    s3.complete_multipart_upload(**request)

    wanted = {**at, "ObjectAttributes": ["ObjectParts", "Checksum"]}
    shown = s3.get_object_attributes(**wanted)["ObjectParts"]
    assert (shown["TotalPartsCount"], shown["IsTruncated"]) == (2, False)
    assert _shown(shown["Parts"]) == expected
    second = s3.get_object_attributes(**wanted, PartNumberMarker=1, MaxParts=1)["ObjectParts"]
    assert (second["PartNumberMarker"], _shown(second["Parts"])) == (1, expected[1:])


def test_an_object_without_a_checksum_shows_how_many_parts_it_has(
    s3: Any, uploaded: Callable[..., dict[str, Any]]
) -> None:
    """API_GetObjectAttributes, Parts: not returned of an object without a checksum."""
    request = uploaded()
    s3.complete_multipart_upload(**request)
    at = {"Bucket": request["Bucket"], "Key": request["Key"]}
    shown = s3.get_object_attributes(**at, ObjectAttributes=["ObjectParts"])
    assert shown["ObjectParts"] == {"TotalPartsCount": 2}
    s3.put_object(**at, Body=b"1")
    assert "ObjectParts" not in s3.get_object_attributes(**at, ObjectAttributes=["ObjectParts"])


def test_parts_are_listed_page_by_page_by_their_numbers(s3: Any, bucket: str) -> None:
    """API_ListParts: part-number-marker, max-parts, NextPartNumberMarker."""
    at = {"Bucket": bucket, "Key": "k"}
    upload = {**at, "UploadId": s3.create_multipart_upload(**at)["UploadId"]}
    for number in (2, 40, 500):
        s3.upload_part(**upload, PartNumber=number, Body=_LAST)
    pages = s3.get_paginator("list_parts").paginate(**upload, PaginationConfig={"PageSize": 1})
    assert [[each["PartNumber"] for each in page["Parts"]] for page in pages] == [[2], [40], [500]]
    s3.abort_multipart_upload(**upload)


def test_a_part_has_a_checksum_of_its_upload_s_algorithm(s3: Any, bucket: str) -> None:
    """API_UploadPart: ChecksumAlgorithm "must be the same for all parts"; the words are those of
    "Working with S3 Express", of appends."""
    at = {"Bucket": bucket, "Key": "k"}
    upload = s3.create_multipart_upload(**at, ChecksumAlgorithm="SHA256")["UploadId"]
    part = {**at, "UploadId": upload, "PartNumber": 1, "Body": _LAST}

    assert refusal_of(s3.upload_part, **part, ChecksumAlgorithm="CRC32") == (
        400,
        "InvalidRequest",
        (
            "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum "
            "Type: crc32"
        ),
    )
    assert s3.upload_part(**part, ChecksumAlgorithm="SHA256")["ChecksumSHA256"]


def _named(request: dict[str, Any], *checksums: str) -> dict[str, Any]:
    """The request, with the CRC32C of as many parts as are given."""
    parts = [dict(each) for each in request["MultipartUpload"]["Parts"]]
    for part, checksum in zip(parts, checksums, strict=False):
        part["ChecksumCRC32C"] = checksum
    return {**request, "MultipartUpload": {"Parts": parts}}


def _shown(parts: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    return [(each["PartNumber"], each["Size"], each["ChecksumCRC32C"]) for each in parts]


@pytest.mark.parametrize(
    ("algorithm", "kind"), [("CRC64NVME", "COMPOSITE"), ("SHA256", "FULL_OBJECT")]
)
def test_what_an_algorithm_cannot_make_is_refused(
    s3: Any, bucket: str, algorithm: str, kind: str
) -> None:
    """S3 User Guide, "Checking object integrity": which algorithms support which type."""
    refused = refusal_of(
        s3.create_multipart_upload,
        Bucket=bucket,
        Key="k",
        ChecksumAlgorithm=algorithm,
        ChecksumType=kind,
    )
    assert refused == (
        400,
        "InvalidRequest",
        f"The {kind} checksum type cannot be used with the {algorithm.lower()} checksum algorithm.",
    )


def _written(algorithm: str, value: int) -> str:
    size = 8 if algorithm == "CRC64NVME" else 4
    return base64.b64encode(value.to_bytes(size, "big")).decode()
