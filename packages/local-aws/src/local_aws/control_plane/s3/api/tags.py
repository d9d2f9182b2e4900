"""Tags of buckets and of objects: which there can be, and in which order they are shown.

moto's patterns know no letters but English ones, and take any key that begins with "aws" for AWS's.

Source: API_PutBucketTagging, API_PutObjectTagging, API_Tag; "Categorizing objects using tags" in
the S3 User Guide: 10 tags, keys of 128 and values of 256 characters; answers of the real S3 as they
have been recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from moto.s3 import notifications
from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError

_KEY = re.compile(r"[\w\s+=.:/@-]{1,128}")
_VALUE = re.compile(r"[\w\s+=.:/@-]{0,256}")
_MOST_OF_A_BUCKET, _MOST_OF_AN_OBJECT = 50, 10
_TAGGED = notifications.S3NotificationEvent.OBJECT_TAGGING_PUT_EVENT


def install() -> None:
    moto_seams.replace(
        S3Response,
        _bucket_tagging_from_body=_of_bucket,
        _tagging_from_xml=_of_object,
        _tagging_from_headers=_of_headers,
    )
    moto_seams.replace(S3Backend, put_object_tagging=_put)


def _of_bucket(self: S3Response) -> dict[str, str]:
    tags = list(_in_document(self.body))
    if len(tags) > _MOST_OF_A_BUCKET:
        raise _bad_request("Bucket tag count cannot be greater than 50")
    _require_valid(tags, "System tags cannot be added/updated by requester")
    return dict(tags)


def _of_object(self: S3Response) -> dict[str, str]:
    return _checked(list(_in_document(self.body)))


def _of_headers(_self: S3Response, headers: Mapping[str, str]) -> dict[str, str]:
    return _checked(parse_qsl(headers.get("x-amz-tagging", ""), keep_blank_values=True))


def _checked(tags: list[tuple[str, str]]) -> dict[str, str]:
    if len(tags) > _MOST_OF_AN_OBJECT:
        raise _bad_request("Object tags cannot be greater than 10")
    _require_valid(tags, "Your TagKey cannot be prefixed with aws:")
    return dict(sorted(tags))


def _in_document(body: bytes) -> Iterator[tuple[str, str]]:
    document = ElementTree.fromstring(body)  # noqa: S314 - the endpoint has read it before
    for tag in document.iterfind("{*}TagSet/{*}Tag"):
        yield tag.findtext("{*}Key") or "", tag.findtext("{*}Value") or ""


def _require_valid(tags: list[tuple[str, str]], not_of_aws: str) -> None:
    seen: set[str] = set()
    for key, value in tags:
        if key in seen:
            raise _invalid("Cannot provide multiple Tags with the same key", TagKey=key)
        seen.add(key)
        if key.startswith("aws:"):
            raise _invalid(not_of_aws, TagKey=key)
        if not _KEY.fullmatch(key):
            raise _invalid("The TagKey you have provided is invalid", TagKey=key)
        if not _VALUE.fullmatch(value):
            words = "The TagValue you have provided is invalid"
            raise _invalid(words, TagKey=key, TagValue=value)


def _invalid(message: str, **details: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidTag", message, details)


def _bad_request(message: str) -> ApiError:
    return ApiError("400 Bad Request", "BadRequest", message)


def _put(self: S3Backend, key: FakeKey, tags: dict[str, str] | None) -> FakeKey:
    self.tagger.delete_all_tags_for_resource(key.arn)
    self.tagger.tag_resource(key.arn, self.tagger.convert_dict_to_tags_input(tags))
    bucket: Any = self.get_bucket(str(key.bucket_name))
    notifications.send_event(self.account_id, _TAGGED, bucket, key)
    return key
