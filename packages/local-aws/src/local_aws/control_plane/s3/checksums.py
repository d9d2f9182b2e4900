"""Checksums of objects: compared with what came.

CRC32C and CRC64NVME are taken as they are given: computing them takes a library that is not here.

Source: "Checking object integrity for data uploads" in the S3 User Guide; API_PutObject; answers of
the real S3 as they have been recorded.
"""

from __future__ import annotations

import base64
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum

from local_aws.control_plane import moto_seams

_BYTES = {"CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "SHA1": 20, "SHA256": 32}
"""How long each is."""
_COMPUTED = frozenset({"CRC32", "SHA1", "SHA256"})
_HEADER = "x-amz-checksum-"

_moto_checksum = S3Response._get_checksum


def install() -> None:
    moto_seams.replace(S3Response, _get_checksum=_checksum)


def _checksum(self: S3Response, answer: dict[str, Any]) -> tuple[str, str | None]:
    """Its algorithm and its value; a header may name the one by giving the other."""
    algorithm = next((each for each in _BYTES if _HEADER + each.lower() in self.headers), "")
    if not algorithm:
        found: tuple[str, str | None] = _moto_checksum(self, answer)
        return found
    name = _HEADER + algorithm.lower()
    value = str(self.headers[name])
    _require_same(algorithm, value, self.body or b"")
    answer[name] = value
    return algorithm, value


def _require_same(algorithm: str, value: str, body: bytes) -> None:
    try:
        size = len(base64.b64decode(value, validate=True))
    except ValueError:
        size = 0
    if size != _BYTES[algorithm]:
        words = f"Value for {_HEADER}{algorithm.lower()} header is invalid."
        raise S3ClientError("InvalidRequest", words)
    if algorithm in _COMPUTED and compute_checksum(body, algorithm).decode() != value:
        raise S3ClientError(
            "BadDigest", f"The {algorithm} you specified did not match the calculated checksum."
        )
