"""A bucket's configurations: what the template's properties are called in S3's API.

AWS: "AWS::S3::Bucket" in the CloudFormation Template Reference, and PutBucketCors and its like in
the S3 API Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Shape = Mapping[str, Any]


@dataclass(frozen=True)
class Configuration:
    """One property. `put` and `delete` are calls of S3, `argument` is what `put` takes.

    What cannot be deleted is put as `default`.
    """

    put: str
    argument: str
    delete: str = ""
    default: Any = None
    converted: Callable[[Any], Any] = lambda value: value


def _renamed(shape: Shape, **names: str) -> dict[str, Any]:
    """The shape with the API's names for these members."""
    return {names.get(name, name): value for name, value in shape.items()}


def _encryption(shape: Shape) -> Shape:
    return _renamed(
        {
            "ServerSideEncryptionConfiguration": [
                _renamed(rule, ServerSideEncryptionByDefault="ApplyServerSideEncryptionByDefault")
                for rule in shape["ServerSideEncryptionConfiguration"]
            ]
        },
        ServerSideEncryptionConfiguration="Rules",
    )


def _cors(shape: Shape) -> Shape:
    names = {"ExposedHeaders": "ExposeHeaders", "Id": "ID", "MaxAge": "MaxAgeSeconds"}
    return {"CORSRules": [_renamed(rule, **names) for rule in shape["CorsRules"]]}


def _lifecycle(shape: Shape) -> Shape:
    return {"Rules": [_lifecycle_rule(rule) for rule in shape["Rules"]]}


def _lifecycle_rule(rule: Shape) -> Shape:
    expiration = {
        "Date": rule.get("ExpirationDate"),
        "Days": rule.get("ExpirationInDays"),
        "ExpiredObjectDeleteMarker": rule.get("ExpiredObjectDeleteMarker"),
    }
    days = rule.get("NoncurrentVersionExpirationInDays")
    members = {
        "ID": rule.get("Id"),
        "Status": rule["Status"],
        "Filter": _filter(rule),
        "Expiration": _given(expiration),
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration")
        or _given({"NoncurrentDays": days}),
        "Transitions": list(_transitions(rule, "Transition", "Days")),
        "NoncurrentVersionTransitions": list(
            _transitions(rule, "NoncurrentVersionTransition", "NoncurrentDays")
        ),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
    }
    return {name: value for name, value in members.items() if value}


def _filter(rule: Shape) -> Shape:
    criteria = _given(
        {
            "Prefix": rule.get("Prefix"),
            "ObjectSizeGreaterThan": _number(rule.get("ObjectSizeGreaterThan")),
            "ObjectSizeLessThan": _number(rule.get("ObjectSizeLessThan")),
        }
    )
    tags = rule.get("TagFilters", [])
    if not tags and len(criteria) < 2:
        return criteria or {"Prefix": ""}
    if len(tags) == 1 and not criteria:
        return {"Tag": tags[0]}
    return {"And": {**criteria, **_given({"Tags": tags or None})}}


def _transitions(rule: Shape, name: str, days: str) -> Iterator[Shape]:
    """Of the list, or of its older form, a single one."""
    names = {"TransitionInDays": days, "TransitionDate": "Date"}
    for each in rule.get(f"{name}s") or filter(None, [rule.get(name)]):
        yield _renamed(each, **names)


def _notifications(shape: Shape) -> Shape:
    kinds = {
        "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
        "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
        "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    }
    answer: dict[str, Any] = {
        name: [_notification(each, key, arn) for each in shape[kind]]
        for kind, (name, key, arn) in kinds.items()
        if kind in shape
    }
    if shape.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled"):
        answer["EventBridgeConfiguration"] = {}
    return answer


def _notification(shape: Shape, key: str, arn: str) -> Shape:
    answer = {arn: shape[key], "Events": [shape["Event"]]}
    rules = shape.get("Filter", {}).get("S3Key", {}).get("Rules")
    if rules:
        answer["Filter"] = {"Key": {"FilterRules": rules}}
    return answer


def _website(shape: Shape) -> Shape:
    rules = [
        _renamed(rule, RoutingRuleCondition="Condition", RedirectRule="Redirect")
        for rule in shape.get("RoutingRules", [])
    ]
    return _given(
        {
            "IndexDocument": _given({"Suffix": shape.get("IndexDocument")}) or None,
            "ErrorDocument": _given({"Key": shape.get("ErrorDocument")}) or None,
            "RedirectAllRequestsTo": shape.get("RedirectAllRequestsTo"),
            "RoutingRules": rules or None,
        }
    )


def _given(shape: Shape) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if value is not None}


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _canned_acl(name: str) -> str:
    """PublicReadWrite is public-read-write."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


CONFIGURATIONS: Mapping[str, Configuration] = {
    "OwnershipControls": Configuration(
        "put_bucket_ownership_controls", "OwnershipControls", "delete_bucket_ownership_controls"
    ),
    "PublicAccessBlockConfiguration": Configuration(
        "put_public_access_block", "PublicAccessBlockConfiguration", "delete_public_access_block"
    ),
    "AccessControl": Configuration(
        "put_bucket_acl", "ACL", default="Private", converted=_canned_acl
    ),
    "AccelerateConfiguration": Configuration(
        "put_bucket_accelerate_configuration",
        "AccelerateConfiguration",
        default={"AccelerationStatus": "Suspended"},
        converted=lambda shape: {"Status": shape["AccelerationStatus"]},
    ),
    "BucketEncryption": Configuration(
        "put_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "delete_bucket_encryption",
        converted=_encryption,
    ),
    "CorsConfiguration": Configuration(
        "put_bucket_cors", "CORSConfiguration", "delete_bucket_cors", converted=_cors
    ),
    "LifecycleConfiguration": Configuration(
        "put_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        "delete_bucket_lifecycle",
        converted=_lifecycle,
    ),
    "NotificationConfiguration": Configuration(
        "put_bucket_notification_configuration",
        "NotificationConfiguration",
        default={},
        converted=_notifications,
    ),
    "ObjectLockConfiguration": Configuration(
        "put_object_lock_configuration",
        "ObjectLockConfiguration",
        default={"ObjectLockEnabled": "Enabled"},
    ),
    "VersioningConfiguration": Configuration(
        "put_bucket_versioning", "VersioningConfiguration", default={"Status": "Suspended"}
    ),
    "WebsiteConfiguration": Configuration(
        "put_bucket_website", "WebsiteConfiguration", "delete_bucket_website", converted=_website
    ),
}
"""By property, in an order in which each rests on those before it."""
