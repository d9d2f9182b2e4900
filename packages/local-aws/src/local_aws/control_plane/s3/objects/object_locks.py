"""Object Lock: of a bucket, of an object, and what a request may say about it.

moto has no answer to GetObjectRetention, takes governance to be bypassed where nothing is locked,
and enables Object Lock in empty buckets only.

Source: "Locking objects with Object Lock" in the S3 User Guide; API_GetObjectRetention,
API_GetObjectLegalHold, API_PutObjectLockConfiguration, API_PutBucketVersioning; answers of the
real S3 as they have been recorded.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidArgumentError, MalformedXML, S3ClientError
from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError

BYPASS = "x-amz-bypass-governance-retention"

_moto_get_of_key = S3Response._key_response_get
_moto_get_of_bucket = S3Response.get_object_lock_configuration
_moto_from_body = S3Response._lock_config_from_body
_moto_set_versioning = S3Backend.put_bucket_versioning


def install() -> None:
    moto_seams.replace(
        S3Response,
        _key_response_get=_get_of_key,
        get_object_lock_configuration=_get_of_bucket,
        get_object_legal_hold=_legal_hold,
        _lock_config_from_body=_from_body,
    )
    moto_seams.replace(
        S3Backend,
        put_bucket_versioning=_set_versioning,
        put_object_lock_configuration=_set_of_bucket,
    )


def is_protected() -> S3ClientError:
    """The error for a version that may not be deleted yet."""
    return S3ClientError("AccessDenied", "Access Denied because object protected by object lock.")


def require_bypassable(call: S3Response) -> None:
    """Refuse to bypass governance in a bucket without Object Lock, whatever the header says."""
    given = call.headers.get(BYPASS)
    if given is not None and not call.backend.get_bucket(call.bucket_name).object_lock_enabled:
        raise InvalidArgumentError(
            f"{BYPASS} is only applicable to Object Lock enabled buckets.", BYPASS, given
        )


def _get_of_key(self: S3Response, query: dict[str, Any], key_name: str) -> Any:
    if "retention" not in query:
        return _moto_get_of_key(self, query, key_name)
    self.data["Action"] = "GetObjectRetention"
    self._authenticate_and_authorize_s3_action(bucket_name=self.bucket_name, key_name=key_name)
    key = _lockable(self)
    if not key.lock_mode:
        raise _no_lock()
    retention = {"Mode": key.lock_mode, "RetainUntilDate": key.lock_until}
    return self.serialized(ActionResult({"Retention": retention}))


def _legal_hold(self: S3Response) -> Any:
    key = _lockable(self)
    if not key.lock_legal_status:
        raise _no_lock()
    self.data["Action"] = "GetObjectLegalHold"
    return self.serialized(ActionResult({"LegalHold": {"Status": key.lock_legal_status}}))


def _lockable(call: S3Response) -> FakeKey:
    if not call.backend.get_bucket(call.bucket_name).object_lock_enabled:
        raise S3ClientError("InvalidRequest", "Bucket is missing Object Lock Configuration")
    key, _ = call._get_key(validate_storage_class=False)
    return key


def _no_lock() -> ApiError:
    return ApiError(
        "404 Not Found",
        "NoSuchObjectLockConfiguration",
        "The specified object does not have a ObjectLock configuration",
    )


def _get_of_bucket(self: S3Response) -> Any:
    bucket = self.backend.get_bucket(self.bucket_name)
    if not bucket.object_lock_enabled:
        raise ApiError(
            "404 Not Found",
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
            {"BucketName": self.bucket_name},
        )
    return _moto_get_of_bucket(self)


def _from_body(self: S3Response) -> dict[str, Any]:
    """A rule has a retention of days or of years, not of both."""
    given: dict[str, Any] = _moto_from_body(self)
    if given["mode"] and not given["days"] and not given["years"]:
        raise MalformedXML
    return {**given, "days": given["days"] or None, "years": given["years"] or None}


def _set_of_bucket(
    self: S3Backend,
    bucket_name: str,
    lock_enabled: bool,
    mode: str | None = None,
    days: int | None = None,
    years: int | None = None,
) -> None:
    bucket: FakeBucket = self.get_bucket(bucket_name)
    if not bucket.is_versioned:
        raise ApiError(
            "409 Conflict",
            "InvalidBucketState",
            "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        )
    bucket.object_lock_enabled = bucket.object_lock_enabled or lock_enabled
    bucket.default_lock_mode = mode
    bucket.default_lock_days = days
    bucket.default_lock_years = years


def _set_versioning(self: S3Backend, bucket_name: str, status: str) -> None:
    if self.get_bucket(bucket_name).object_lock_enabled and status != "Enabled":
        raise ApiError(
            "409 Conflict",
            "InvalidBucketState",
            "An Object Lock configuration is present on this bucket, so the versioning state "
            "cannot be changed.",
        )
    _moto_set_versioning(self, bucket_name, status)
