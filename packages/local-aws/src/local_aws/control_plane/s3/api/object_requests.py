"""What a request about objects must name, where moto fails without it.

Source: API_DeleteObjectTagging, "POST Object" and "Error responses" in the S3 API Reference.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from moto.s3.exceptions import InvalidArgumentError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams, post_form
from local_aws.control_plane.post_form import PostForm
from local_aws.control_plane.s3.objects import versions
from local_aws.control_plane.s3.uploads import post_policies

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
    """A form that a browser uploads, or a deletion of several objects."""
    if "delete" in self.querystring:
        return _moto_post(self, request, bucket_name)
    if "key" not in self.querystring:
        raise InvalidArgumentError(
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the "
            "order of the fields.",
            "key",
            "",
        )
    file = request.files.get("file")  # its content is the body: moto has read it
    content = self.body if isinstance(self.body, bytes) else str(self.body).encode()
    form = post_form.of(request.form.items(), content, (file and file.filename) or "")
    if form.policy is not None:
        post_policies.require_allowed(form, bucket_name, datetime.now(UTC))
    self.querystring["key"], self.body = [form.key], form.file
    status, headers, _ = _moto_post(self, request, bucket_name)
    return _posted(self, form, bucket_name, (status, headers))


def _posted(
    call: S3Response, form: PostForm, bucket_name: str, answer: tuple[Any, dict[str, Any]]
) -> Any:
    """Where the object is; as a document when the form wants 201."""
    made = call.backend.get_bucket(bucket_name).keys[form.key]
    location = f"http://{bucket_name}.s3.amazonaws.com/{quote(form.key)}"
    status, headers = int(answer[0]), {"ETag": made.etag, "Location": location, **answer[1]}
    if status not in (200, 201, 303):
        return 204, headers, ""
    if status != 201:
        return status, headers, ""
    members = {"Location": location, "Bucket": bucket_name, "Key": form.key, "ETag": made.etag}
    texts = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in members.items())
    document = f'<?xml version="1.0" encoding="UTF-8"?><PostResponse>{texts}</PostResponse>'
    return 201, {**headers, "Content-Type": "application/xml"}, document


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
