"""S3's condition keys about the tags of objects: those that a request gives, and those there are.

They are in the document of PutObjectTagging, in the header of an upload and in a field of a form.
Which actions have the keys says the Service Authorization Reference: PutObject, for one, has none
about the object that it replaces.
Source: "Tagging and access control policies" in the S3 User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeKey, S3Backend, s3_backends

from local_aws.control_plane import post_form
from local_aws.control_plane.api_request import ApiRequest

_EXISTING, _REQUESTED, _REQUESTED_KEYS = (
    "s3:existingobjecttag/",
    "s3:requestobjecttag/",
    "s3:requestobjecttagkeys",
)


def is_key(name: str) -> bool:
    """Whether a condition key, in lower case, is one of these: a request may lack each of them."""
    return name.startswith((_EXISTING, _REQUESTED)) or name == _REQUESTED_KEYS


def of_question(
    request: ApiRequest, arn: str, version: str | None, documented: Mapping[str, str]
) -> dict[str, list[str]]:
    """Those of an action with a version of the object `arn`, None for the current one.

    `documented` are the keys that the action has.
    """
    kinds = {name.partition("/")[0] for name in documented}
    keys: dict[str, list[str]] = {}
    if _EXISTING[:-1] in kinds:
        for name, value in _existing(arn, version).items():
            keys[f"{_EXISTING}{name.lower()}"] = [value]
    if _REQUESTED_KEYS in kinds and (tags := requested(request)):
        keys |= {f"{_REQUESTED}{name.lower()}": [value] for name, value in tags.items()}
        keys[_REQUESTED_KEYS] = list(tags)
    return keys


def requested(request: ApiRequest) -> dict[str, str]:
    """What the request gives an object; nothing for tags that S3 cannot read."""
    if "x-amz-tagging" in request.headers:
        return dict(parse_qsl(request.headers["x-amz-tagging"], keep_blank_values=True))
    if request.method == "PUT" and "tagging" in request.url_parameters:
        return dict(_in_document(request.body))
    form = post_form.read(request)
    return dict(_in_document(form.fields.get("tagging", "").encode())) if form else {}


def _in_document(document: bytes) -> Iterator[tuple[str, str]]:
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - the endpoint has read it before
    except ElementTree.ParseError:
        return
    for tag in root.iterfind("{*}TagSet/{*}Tag"):
        yield tag.findtext("{*}Key") or "", tag.findtext("{*}Value") or ""


def _existing(arn: str, version: str | None) -> Mapping[str, str]:
    """The tags of the object, or of this version of it."""
    bucket_name, _, name = arn.rpartition(":")[2].partition("/")
    backend: S3Backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    bucket = backend.buckets.get(bucket_name)
    if bucket is None or not name:
        return {}
    versions = [each for each in bucket.keys.getlist(name, []) if isinstance(each, FakeKey)]
    found = [each for each in versions if version in (None, each.version_id)]
    return backend.tagger.get_tag_dict_for_resource(found[-1].arn) if found else {}
