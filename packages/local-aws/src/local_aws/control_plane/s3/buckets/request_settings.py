"""Settings of buckets that S3's schema allows and S3 does not.

Source: API_PutBucketVersioning, API_PutBucketEncryption, API_PutBucketPolicy and
API_PutBucketAccelerateConfiguration; "Error responses" in the S3 API Reference; "Policies and
permissions in Amazon S3" in the S3 User Guide; answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.s3.buckets import cors_rules, lifecycle_rules, website_settings

_REQUIRED = (
    ("Effect",),
    ("Principal", "NotPrincipal"),
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
)
"""What a statement of a bucket's policy must have, one of each."""
_BUCKET_OF_ARN = re.compile(r"arn:[\w-]*:s3:[^:]*:[^:]*:([^/*?$]+)(?:/.*)?", re.DOTALL)
_KMS = frozenset({"aws:kms", "aws:kms:dsse"})


def require_sense(request: ApiRequest) -> None:
    """Raise ApiError for a document, valid by the schema, that no bucket can have."""
    if request.method != "PUT":
        return
    operation = api_operation.of(request)
    check = _CHECKS.get(operation.name) if operation else None
    if check and operation:
        check(request.body, str(api_operation.members_of(request, operation).get("Bucket", "")))


def _require_versioning(root: ElementTree.Element) -> None:
    if root.find("{*}Status") is None:
        raise _bad(
            "IllegalVersioningConfigurationException", "The Versioning element must be specified"
        )


def _require_kms(body: bytes, _bucket: str) -> None:
    name = "ApplyServerSideEncryptionByDefault"
    for default in _root(body).iterfind(f"{{*}}Rule/{{*}}{name}"):
        algorithm = default.findtext("{*}SSEAlgorithm")
        if default.find("{*}KMSMasterKeyID") is not None and algorithm not in _KMS:
            raise _bad(
                "InvalidArgument",
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms "
                "or aws:kms:dsse",
                {"ArgumentName": name},
            )


def _require_no_period(_body: bytes, bucket: str) -> None:
    if "." in bucket:
        raise _bad(
            "InvalidRequest",
            "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
        )


def _require_policy(body: bytes, bucket: str) -> None:
    try:
        policy = json.loads(body)
    except ValueError:
        policy = None
    if not body.startswith(b"{") or policy is None:
        words = "Policies must be valid JSON and the first byte must be '{'"
        raise _bad("MalformedPolicy", words)
    if not policy.get("Statement"):
        raise _bad("MalformedPolicy", "Missing required field Statement")
    for statement in _listed(policy["Statement"]):
        for names in _REQUIRED:
            if not isinstance(statement, dict) or not any(name in statement for name in names):
                raise _bad("MalformedPolicy", f"Missing required field {names[0]}")
        for resource in _resources(statement):
            named = _BUCKET_OF_ARN.fullmatch(resource)
            if named and named[1] != bucket:
                words = "Policy has invalid resource"
                raise _bad("MalformedPolicy", words, {"Detail": resource})


def _resources(statement: Mapping[str, Any]) -> Iterator[str]:
    for name in ("Resource", "NotResource"):
        yield from (str(each) for each in _listed(statement.get(name, [])))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _root(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)  # noqa: S314 - it has been read by its schema before


def _bad(code: str, message: str, details: Mapping[str, str] | None = None) -> ApiError:
    return ApiError("400 Bad Request", code, message, details)


def _of_document(check: Callable[[ElementTree.Element], None]) -> Callable[[bytes, str], None]:
    return lambda body, _bucket: check(_root(body))


_CHECKS: Mapping[str, Callable[[bytes, str], None]] = {
    "PutBucketAccelerateConfiguration": _require_no_period,
    "PutBucketCors": _of_document(cors_rules.require_sense),
    "PutBucketEncryption": _require_kms,
    "PutBucketLifecycleConfiguration": _of_document(lifecycle_rules.require_sense),
    "PutBucketPolicy": _require_policy,
    "PutBucketVersioning": _of_document(_require_versioning),
    "PutBucketWebsite": _of_document(website_settings.require_sense),
}
