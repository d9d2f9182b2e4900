"""What the headers of S3's requests may say: AWS refuses the rest before it looks for an object.

Source: API_PutObject, API_CompleteMultipartUpload (conditional writes), API_UploadPart,
API_UploadPartCopy, API_CreateBucket and "Error responses" in the S3 API Reference; "Creating object
key names" and "Working with object metadata" in the S3 User Guide: 1,024 bytes of a key, 2 KB of
metadata; answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.s3.buckets import bucket_names

_LONGEST_KEY = 1_024
_MOST_METADATA = 2_048
_METADATA = "x-amz-meta-"
_PART_NUMBERS = range(1, 10_001)
_COPY_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_OWNERSHIPS = frozenset({"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"})
_MD5_BYTES = 16
_BAD_REQUEST = "400 Bad Request"


def require_valid(request: ApiRequest) -> None:
    """Raise ApiError for a header, a part number or a name that S3 refuses whatever it is about."""
    if not request.changes_something:
        return
    operation = api_operation.of(request)
    if operation is None:
        return
    named = api_operation.members_of(request, operation)
    _require_key(str(named.get("Key", "")))
    _require_digest(request)
    for check in _CHECKS.get(operation.name, ()):
        check(request.headers)
    if operation.name in ("UploadPart", "UploadPartCopy"):
        _require_part_number(request.url_parameters.get("partNumber", ""))
    if operation.name == "CreateBucket":
        bucket_names.require_valid(str(named.get("Bucket", "")))


def _require_key(key: str) -> None:
    size = len(key.encode())
    if size > _LONGEST_KEY:
        details = {"Size": str(size), "MaxSizeAllowed": str(_LONGEST_KEY)}
        raise ApiError(_BAD_REQUEST, "KeyTooLongError", "Your key is too long", details)


def _require_digest(request: ApiRequest) -> None:
    """Compare the body with its Content-MD5; what comes in chunks has a digest of its own."""
    given = request.headers.get("content-md5")
    if given is None or "aws-chunked" in request.headers.get("content-encoding", ""):
        return
    try:
        digest = base64.b64decode(given, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != _MD5_BYTES:
        raise ApiError(
            _BAD_REQUEST,
            "InvalidDigest",
            "The Content-MD5 you specified was invalid.",
            {"Content-MD5": given},
        )
    received = hashlib.md5(request.body, usedforsecurity=False).digest()
    if digest != received:
        calculated = base64.b64encode(received).decode()
        raise ApiError(
            _BAD_REQUEST,
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            {
                "ExpectedDigest": digest.hex(),
                "CalculatedDigest": calculated,
            },
        )


def _require_part_number(given: str) -> None:
    if not given.isdecimal() or int(given) not in _PART_NUMBERS:
        raise _invalid_argument(
            "Part number must be an integer between 1 and 10000, inclusive", "partNumber", given
        )


def _require_small_metadata(headers: Mapping[str, str]) -> None:
    size = sum(
        len(name.removeprefix(_METADATA)) + len(value.encode())
        for name, value in headers.items()
        if name.startswith(_METADATA)
    )
    if size > _MOST_METADATA:
        raise ApiError(
            _BAD_REQUEST,
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            {"Size": str(size), "MaxSizeAllowed": str(_MOST_METADATA)},
        )


def _require_condition(headers: Mapping[str, str]) -> None:
    """A write is made if nothing is there, or if a certain ETag is, not both."""
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is not None and none_match is not None:
        words = "Multiple conditional request headers present in the request"
        raise _not_implemented("If-Match,If-None-Match", words)
    for name, is_wrong in (
        ("If-Match", match == "*"),
        ("If-None-Match", none_match not in (None, "*")),
    ):
        if is_wrong:
            words = f"We don't accept the provided value of {name} header for this API"
            raise _not_implemented(name, words)


def _require_redirect(headers: Mapping[str, str]) -> None:
    given = headers.get("x-amz-website-redirect-location")
    if given is not None and not given.startswith(("http://", "https://", "/")):
        raise ApiError(
            _BAD_REQUEST,
            "InvalidRedirectLocation",
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
        )


def _not_implemented(header: str, words: str) -> ApiError:
    return ApiError(
        "501 Not Implemented",
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        {"Header": header, "additionalMessage": words},
    )


def _require_tags(headers: Mapping[str, str]) -> None:
    given = headers.get("x-amz-tagging", "")
    pairs = [pair.partition("=") for pair in given.split("&")]
    names = [name for name, _ in parse_qsl(given, keep_blank_values=True)]
    if len(set(names)) < len(names) or any("=" in value for _, _, value in pairs):
        raise _invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "
            "parameters without tag name duplicates.",
            "x-amz-tagging",
            given,
        )


def _require_copy_range(headers: Mapping[str, str]) -> None:
    name = "x-amz-copy-source-range"
    given = headers.get(name)
    found = _COPY_RANGE.fullmatch(given or "")
    if given is not None and (found is None or int(found[1]) > int(found[2])):
        raise _invalid_argument(
            f"The {name} value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy",
            name,
            given,
        )


def _require_ownership(headers: Mapping[str, str]) -> None:
    name = "x-amz-object-ownership"
    given = headers.get(name)
    if given is not None and given not in _OWNERSHIPS:
        details = {"ArgumentName": name}
        words = f"Invalid {name} header: {given}"
        raise ApiError(_BAD_REQUEST, "InvalidArgument", words, details)


def _invalid_argument(message: str, name: str, value: str) -> ApiError:
    details = {"ArgumentName": name, "ArgumentValue": value}
    return ApiError(_BAD_REQUEST, "InvalidArgument", message, details)


_CHECKS: Mapping[str, tuple[Callable[[Mapping[str, str]], None], ...]] = {
    "CompleteMultipartUpload": (_require_condition,),
    "CopyObject": (_require_condition, _require_redirect, _require_tags, _require_small_metadata),
    "CreateBucket": (_require_ownership,),
    "CreateMultipartUpload": (_require_redirect, _require_tags, _require_small_metadata),
    "PutObject": (_require_condition, _require_redirect, _require_tags, _require_small_metadata),
    "UploadPartCopy": (_require_copy_range,),
}
