"""Checksums of objects and of their parts: computed, and compared with what came.

Source: "Checking object integrity for data uploads" in the S3 User Guide; API_PutObject,
API_UploadPart, API_CreateMultipartUpload and API_CompleteMultipartUpload; answers of the real S3 as
they have been recorded.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

import moto.s3.models
import moto.s3.responses
import moto.s3.utils
from moto.s3.exceptions import InvalidMaxPartNumberArgument, S3ClientError
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.data_protection.crc import CRC32C, CRC64NVME

BYTES = {"CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "SHA1": 20, "SHA256": 32}
"""How long each is."""
_CRC = {"CRC32C": CRC32C, "CRC64NVME": CRC64NVME}
"""Those for which moto takes CRC32 unless it finds a library."""
_IMPOSSIBLE = {("CRC64NVME", "COMPOSITE"), ("SHA1", "FULL_OBJECT"), ("SHA256", "FULL_OBJECT")}
_HEADER = "x-amz-checksum-"
_MOST_PARTS = 10_000
_LONGEST_TRAILER = 4096  # in bytes, behind the last chunk

_moto_checksum = S3Response._get_checksum
_moto_compute = moto.s3.utils.compute_checksum


def install() -> None:
    for module in (moto.s3.utils, moto.s3.models, moto.s3.responses):
        moto_seams.replace(module, compute_checksum=computed)
    moto_seams.replace(S3Response, _get_checksum=_checksum, upload_part=_upload_part)


def computed(body: bytes, algorithm: str, encode_base64: bool = True) -> bytes:
    """The body's checksum, in Base64 or as it is."""
    if algorithm not in _CRC:
        found: bytes = _moto_compute(body, algorithm, encode_base64)
        return found
    value = _CRC[algorithm].of(body).to_bytes(BYTES[algorithm], "big")
    return base64.b64encode(value) if encode_base64 else value


def sent(call: S3Response) -> str | None:
    """The algorithm of the checksum that a request has, in a header or behind its body."""
    found = _given(call.headers, call.raw_body)
    return found[0] if found else None


def require_possible(headers: Mapping[str, str]) -> None:
    """Raise S3ClientError for an upload in parts whose type of checksum its algorithm cannot be."""
    algorithm, kind = headers.get(f"{_HEADER}algorithm"), headers.get(f"{_HEADER}type")
    if algorithm and (algorithm, kind) in _IMPOSSIBLE:
        raise S3ClientError(
            "InvalidRequest",
            f"The {kind} checksum type cannot be used with the {algorithm.lower()} checksum "
            "algorithm.",
        )


def require_joined(headers: Mapping[str, str], algorithm: str, found: tuple[str, str, int]) -> None:
    """Raise S3ClientError when a completion gives another checksum than the parts have together.

    `found` is its type, its value in Base64 and the number of parts.
    """
    kind, value, count = found
    given = headers.get(f"{_HEADER}{algorithm.lower()}")
    whole = {value, f"{value}-{count}"} if kind == "COMPOSITE" else {value}
    if given and given not in whole:
        raise S3ClientError(
            "BadDigest",
            f"The {algorithm.lower()} you specified did not match the calculated checksum.",
        )


def _upload_part(self: S3Response) -> tuple[int, dict[str, Any], str]:
    """Keep a part only if it has its checksum, and its checksum with it."""
    number = self._get_int_param("partNumber")
    if number > _MOST_PARTS:
        raise InvalidMaxPartNumberArgument(number)
    headers: dict[str, Any] = self._get_cors_headers_other()
    algorithm, value = self._get_checksum(headers)
    part: FakeKey = self.backend.upload_part(
        self.bucket_name, self._get_param("uploadId"), number, self.body
    )
    if algorithm:
        part.checksum_algorithm, part.checksum_value = algorithm, value
    return 200, {**headers, **part.response_dict, "content-length": "0"}, ""


def _checksum(self: S3Response, answer: dict[str, Any]) -> tuple[str, str | None]:
    """Its algorithm and its value; a header, or a trailer, may name the one by giving the other."""
    given = _given(self.headers, self.raw_body)
    if given is None:
        found: tuple[str, str | None] = _moto_checksum(self, answer)
        return found
    algorithm, value = given
    _require_same(algorithm, value, self.body or b"")
    answer[_HEADER + algorithm.lower()] = value
    return algorithm, value


def _given(headers: Mapping[str, str], raw_body: bytes) -> tuple[str, str] | None:
    for algorithm in BYTES:
        name = _HEADER + algorithm.lower()
        if name in headers:
            return algorithm, str(headers[name])
        if name in headers.get("x-amz-trailer", "").lower().split(","):
            after = re.search(rf"(?i)\n{name}\s*:([^\r\n]*)".encode(), raw_body[-_LONGEST_TRAILER:])
            return algorithm, after[1].decode(errors="replace").strip() if after else ""
    return None


def _require_same(algorithm: str, value: str, body: bytes) -> None:
    try:
        size = len(base64.b64decode(value, validate=True))
    except ValueError:
        size = 0
    if size != BYTES[algorithm]:
        words = f"Value for {_HEADER}{algorithm.lower()} header is invalid."
        raise S3ClientError("InvalidRequest", words)
    if computed(body, algorithm).decode() != value:
        raise S3ClientError(
            "BadDigest", f"The {algorithm} you specified did not match the calculated checksum."
        )
