"""An upload in parts must be there, of the object that the request names, and have its checksum.

moto looks for an upload by its id alone, and fails without it. Source: NoSuchUpload in "Error
responses" in the S3 API Reference; API_UploadPart: ChecksumAlgorithm "must be the same for all
parts".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import NoSuchUpload, S3ClientError
from moto.s3.models import FakeMultipart
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.data_protection import checksums
from local_aws.control_plane.s3.uploads import part_checksums


def install() -> None:
    """After what else corrects these calls."""
    moto_seams.replace(
        S3Response,
        upload_part=_with_its_checksum(S3Response.upload_part),
        **{
            name: _of_known(getattr(S3Response, name))
            for name in ("abort_multipart_upload", "list_parts")
        },
    )


def require_known(call: S3Response, upload_id: str, key_name: str) -> FakeMultipart:
    """Raises S3ClientError."""
    bucket = call.backend.get_bucket(call.bucket_name)
    found: FakeMultipart | None = bucket.multiparts.get(upload_id)
    if found is None or found.key_name != key_name:
        raise NoSuchUpload(upload_id=upload_id)
    return found


def _of_known(corrected: Callable[[S3Response], Any]) -> Callable[[S3Response], Any]:
    def answer(self: S3Response) -> Any:
        require_known(self, self._get_param("uploadId"), self.parse_key_name())
        return corrected(self)

    return answer


def _with_its_checksum(corrected: Callable[[S3Response], Any]) -> Callable[[S3Response], Any]:
    def answer(self: S3Response) -> Any:
        upload = require_known(self, self._get_param("uploadId"), self.parse_key_name())
        wanted, sent = part_checksums.algorithm_of(upload), checksums.sent(self)
        if wanted and sent and sent != wanted:
            raise S3ClientError(
                "InvalidRequest",
                f"Checksum Type mismatch occurred, expected checksum Type: {wanted.lower()}, "
                f"actual checksum Type: {sent.lower()}",
            )
        return corrected(self)

    return answer
