"""Settings of a bucket that say too little, where moto fails.

Source: API_PutBucketTagging, API_PutBucketLogging, API_PutBucketNotificationConfiguration,
API_CORSRule and "Error responses" in the S3 API Reference.
"""

from __future__ import annotations

from typing import Any

from moto.s3.exceptions import InvalidNotificationARN, MalformedXML, S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.buckets import notification_destinations

_moto_grants = S3Response._get_grants_from_xml
_moto_notifications = S3Response._notification_config_from_body
_moto_set_cors = FakeBucket.set_cors


def install() -> None:
    moto_seams.replace(
        S3Response,
        _get_grants_from_xml=_grants,
        _notification_config_from_body=_notifications,
    )
    moto_seams.replace(FakeBucket, set_cors=_set_cors)


def _grants(self: S3Response, given: list[Any], kind: type[S3ClientError], *arguments: Any) -> Any:
    if any(not each or not each.get("Grantee") for each in given):
        raise kind
    return _moto_grants(self, given, kind, *arguments)


def _notifications(self: S3Response) -> Any:
    try:
        configuration = _moto_notifications(self)
    except AttributeError:  # an ARN is empty
        raise InvalidNotificationARN from None
    notification_destinations.require_there(configuration, self.headers)
    return configuration


def _set_cors(self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    try:
        _moto_set_cors(self, rules)
    except AssertionError:  # a rule's element is empty
        raise MalformedXML from None
