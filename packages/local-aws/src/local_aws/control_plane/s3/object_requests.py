"""What a request about objects must name, where moto fails without it.

Source: API_DeleteObjectTagging, "POST Object" and "Error responses" in the S3 API Reference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import InvalidArgumentError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3 import versions

_moto_post = S3Response._bucket_response_post
_moto_restore = S3Backend.restore_object


def install() -> None:
    moto_seams.replace(S3Response, _bucket_response_post=_post)
    moto_seams.replace(
        S3Backend,
        restore_object=_restore,
        delete_object_tagging=_of_present("DELETE", S3Backend.delete_object_tagging),
        put_object_legal_hold=_of_present("PUT", S3Backend.put_object_legal_hold),
        put_object_retention=_of_present("PUT", S3Backend.put_object_retention),
    )


def _post(self: S3Response, request: Any, bucket_name: str) -> Any:
    """A form that a browser uploads."""
    if not {"delete", "key"} & self.querystring.keys():
        raise InvalidArgumentError(
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the "
            "order of the fields.",
            "key",
            "",
        )
    return _moto_post(self, request, bucket_name)


def _restore(
    self: S3Backend, bucket_name: str, key_name: str, days: str | None, kind: str | None
) -> bool:
    try:
        had_copy: bool = _moto_restore(self, bucket_name, key_name, days, kind)
    except OverflowError:
        raise InvalidArgumentError(
            "Days is more than there are until the end of the calendar", "Days", str(days)
        ) from None
    return had_copy


def _of_present(method: str, moto_change: Callable[..., None]) -> Callable[..., None]:
    def change(
        self: S3Backend,
        bucket_name: str,
        key_name: str,
        version_id: str | None = None,
        *arguments: Any,
        **named: Any,
    ) -> None:
        versions.changeable(self.get_bucket(bucket_name), key_name, version_id, method=method)
        moto_change(self, bucket_name, key_name, version_id, *arguments, **named)

    return change
