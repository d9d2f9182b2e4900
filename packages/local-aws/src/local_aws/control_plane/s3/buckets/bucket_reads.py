"""Settings of a bucket that moto does not have: it answers a list of the bucket's objects instead.

Source: API_GetBucketMetricsConfiguration and its like; "Error responses" in the S3 API Reference;
answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import NoSuchPublicAccessBlockConfiguration
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError

_LISTED: Mapping[str, str] = {
    "analytics": "ListBucketAnalyticsConfigurations",
    "intelligent-tiering": "ListBucketIntelligentTieringConfigurations",
    "metrics": "ListBucketMetricsConfigurations",
}
"""Configurations that no bucket has here, by their word in the query."""

_moto_get = S3Response._bucket_response_get
_moto_public_access = S3Response.get_public_access_block
_moto_head = S3Response.head_bucket


def install() -> None:
    moto_seams.replace(
        S3Response,
        _bucket_response_get=_get,
        get_public_access_block=_public_access,
        head_bucket=_head,
    )


def _get(self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    kind = next((each for each in _LISTED if each in querystring), None)
    if kind is None:
        return _moto_get(self, bucket_name, querystring)
    answer = _answer(self, bucket_name, _LISTED[kind], {"IsTruncated": False})
    if "id" in querystring:
        raise ApiError(
            "404 Not Found", "NoSuchConfiguration", "The specified configuration does not exist."
        )
    return answer


def _answer(call: S3Response, bucket_name: str, action: str, members: dict[str, Any]) -> Any:
    call.data["Action"] = action
    call._authenticate_and_authorize_s3_action(bucket_name=bucket_name)
    call.backend.get_bucket(bucket_name)
    return call.serialized(ActionResult(members))


def _public_access(self: S3Response) -> Any:
    try:
        return _moto_public_access(self)
    except NoSuchPublicAccessBlockConfiguration as missing:
        name = {"BucketName": self.bucket_name}
        raise ApiError("404 Not Found", missing.code, missing.message, name) from None


def _head(self: S3Response) -> Any:
    status, headers, body = _moto_head(self)
    return status, {**headers, "x-amz-access-point-alias": "false"}, body
