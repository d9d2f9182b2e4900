"""Names that a new bucket can have.

Source: "General purpose bucket naming rules" in the S3 User Guide; "Error responses" in the S3 API
Reference: InvalidBucketName.
"""

from __future__ import annotations

import re

from local_aws.control_plane.api_errors import ApiError

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+(\.\d+){3}")
_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def require_valid(name: str) -> None:
    """Raise ApiError unless it keeps to the rules."""
    is_reserved = name.startswith(_PREFIXES) or name.endswith(_SUFFIXES)
    if is_reserved or ".." in name or _ADDRESS.fullmatch(name) or not _NAME.fullmatch(name):
        raise ApiError(
            "400 Bad Request",
            "InvalidBucketName",
            "The specified bucket is not valid.",
            {"BucketName": name},
        )
