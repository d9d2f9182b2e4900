"""A request may say whose buckets it expects: another's are refused.

Source: ExpectedBucketOwner and ExpectedSourceBucketOwner of each operation in the S3 API Reference;
"Verifying bucket ownership with bucket owner condition" in the S3 User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from moto.s3.models import s3_backends

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_OF_BUCKET = "x-amz-expected-bucket-owner"
_OF_SOURCE = "x-amz-source-expected-bucket-owner"
_ACCOUNT = re.compile(r"\d{12}")


def require_expected(request: ApiRequest) -> None:
    """Raise ApiError where a bucket is not the account's that the request names.

    One that does not exist is for the operation to refuse.
    """
    for header, bucket in _buckets(request):
        expected = request.headers.get(header)
        if expected is None:
            continue
        if not _ACCOUNT.fullmatch(expected):
            raise ApiError(
                "400 Bad Request",
                "InvalidBucketOwnerAWSAccountID",
                "The value of the expected bucket owner parameter must be an AWS Account ID... "
                f"[{expected}]",
            )
        _, owner = s3_backends.bucket_accounts.get(bucket, ("aws", expected))
        if owner != expected:
            raise ApiError("403 Forbidden", "AccessDenied", "Access Denied")


def _buckets(request: ApiRequest) -> Iterator[tuple[str, str]]:
    """The header about each bucket of the request, and the bucket's name."""
    if _OF_BUCKET in request.headers:
        operation = api_operation.of(request)
        named = api_operation.members_of(request, operation) if operation else {}
        yield _OF_BUCKET, str(named.get("Bucket", ""))
    if _OF_SOURCE in request.headers:
        source = urlsplit(request.headers.get("x-amz-copy-source", "")).path
        yield _OF_SOURCE, unquote(source).lstrip("/").partition("/")[0]
