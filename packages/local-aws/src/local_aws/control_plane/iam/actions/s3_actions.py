"""The IAM actions and ARNs of S3's requests, whose operations and actions have other names.

AWS: "Required permissions for Amazon S3 API operations" in the S3 User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from local_aws.control_plane import api_operation, post_form, xml_documents
from local_aws.control_plane.api_request import ApiRequest

_CONFIGURATION = re.compile(
    r"(?P<verb>Get|List|Put|Delete)Bucket(?P<what>Accelerate|Analytics|Encryption|"
    r"IntelligentTiering|Inventory|Lifecycle|Metrics|Replication)(Configurations?)?"
)
_REMOVED = re.compile(r"DeleteBucket(?P<what>Cors|OwnershipControls|Tagging)")
_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PostObject": "PutObject",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
_OF_VERSIONS = re.compile(r"(Get|Put|Delete)Object(Acl|Tagging|Attributes)?")


class Asked(NamedTuple):
    """An action's name without "s3:", its resource's ARN ("*" for one without), its version.

    `is_part` of a request that is carried out without it when it is refused.
    """

    action: str
    arn: str
    version: str | None = None
    is_part: bool = False


def asked(request: ApiRequest) -> Iterator[Asked]:
    """What the caller has to be allowed to do."""
    name = action_of(request)
    bucket, key = target_of(request)
    if name == "DeleteObject" and not key:
        yield from _deleted(bucket, request.body)
        return
    form = None if key else post_form.read(request)
    version = request.url_parameters.get("versionId")
    yield Asked(name, _arn(bucket, form.key if form else key), version)
    if name == "PutObject" and ("x-amz-tagging" in request.headers or _tags_in(form)):
        yield Asked("PutObjectTagging", _arn(bucket, form.key if form else key))
    copied = request.headers.get("x-amz-copy-source", "")
    if copied and name == "PutObject":
        yield _read(copied)


def _deleted(bucket: str, body: bytes) -> Iterator[Asked]:
    """What DeleteObjects names: a version is deleted by another action than its object."""
    document = xml_documents.root_of(body)
    if document is None:  # it came in chunks, as no SDK sends it
        yield Asked("DeleteObject", _arn(bucket, "*"))
        return
    for each in document.iterfind("{*}Object"):
        named = xml_documents.texts_in(each)
        version = named.get("VersionId") or None
        action = "DeleteObjectVersion" if version else "DeleteObject"
        yield Asked(action, _arn(bucket, named.get("Key", "")), version, is_part=True)


def _read(copy_source: str) -> Asked:
    """The source of a copy, "bucket/key?versionId=...", whose key is encoded as in a URL."""
    source = urlsplit(copy_source)
    arn = _arn(*unquote(source.path).removeprefix("/").partition("/")[::2])
    version = parse_qs(source.query).get("versionId", [None])[0]
    return Asked("GetObjectVersion" if version else "GetObject", arn, version)


def _tags_in(form: post_form.PostForm | None) -> bool:
    return form is not None and "tagging" in form.fields


def action_of(request: ApiRequest) -> str:
    """The action's name without "s3:"; empty for what S3 has no operation for."""
    if request.method == "POST" and not request.query and target_of(request)[1] == "":
        return "PutObject"  # a form's upload
    operation = api_operation.of(request)
    if operation is None:
        return ""
    name = operation.name
    found = _CONFIGURATION.fullmatch(name)
    if found:
        verb = "Get" if found["verb"] in ("Get", "List") else "Put"
        return f"{verb}{found['what']}Configuration"
    removed = _REMOVED.fullmatch(name)
    action = f"PutBucket{removed['what']}" if removed else _ACTIONS.get(name, name)
    of_version = _OF_VERSIONS.fullmatch(action)
    if of_version and request.url_parameters.get("versionId"):
        return f"{of_version[1]}ObjectVersion{of_version[2] or ''}"
    return action


def target_of(request: ApiRequest) -> tuple[str, str]:
    """Bucket and key, empty where the request has none; the bucket may be in the host's name."""
    path = unquote(request.path)[1:]
    if request.host_bucket:
        return request.host_bucket, path
    bucket, _, key = path.partition("/")
    return bucket, key


def _arn(bucket: str, key: str) -> str:
    if not bucket:
        return "*"
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
