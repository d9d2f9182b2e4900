"""Tags of groups: CreateOrUpdateTags, DescribeTags, and the filters of DescribeAutoScalingGroups.

Sources: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Tag.html,
API_DescribeTags and https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend

from local_aws.control_plane import moto_seams

_RESERVED = "aws:"
_TYPE = "auto-scaling-group"
_OF_TAGS = {
    _TYPE: "ResourceId",
    "key": "Key",
    "value": "Value",
    "propagate-at-launch": "PropagateAtLaunch",
}
"""The filters of DescribeTags, and the member of a tag that each is about."""
_MOST_VALUES = 5
"""Of a filter; AWS's words are those in aws-solutions/instance-scheduler-on-aws issue 549."""
_OF_GROUPS = ("tag-key", "tag-value", "tag:<key>")

_moto_create_or_update = AutoScalingBackend.create_or_update_tags


def install() -> None:
    moto_seams.replace(
        AutoScalingBackend,
        create_or_update_tags=_create_or_update,
        describe_tags=_describe,
    )


def require_valid(tags: Sequence[Mapping[str, Any]]) -> None:
    """Raise ValidationError for a tag that AWS keeps to itself, or of something else than a group.

    Stacks give groups such tags past this.
    """
    for tag in tags:
        if str(tag["Key"]).startswith(_RESERVED):
            raise ValidationError(f"Tag key {tag['Key']} is reserved: it begins with {_RESERVED}")
        if tag.get("ResourceType") not in (None, "", _TYPE):
            raise ValidationError(f"ResourceType {tag['ResourceType']} is invalid: only {_TYPE} is")


def require_filters_of_groups(filters: Sequence[Mapping[str, Any]]) -> None:
    """Raise ValidationError for a filter that DescribeAutoScalingGroups does not have."""
    for each in filters:
        name = str(each["Name"])
        if not name.startswith("tag:"):
            _require_filter(name, _OF_GROUPS)
        if len(each.get("Values", [])) > _MOST_VALUES:
            raise ValidationError(
                f"The request isn't valid. The number of values specified for the {name} filter "
                f"type exceeds the maximum of {_MOST_VALUES} {name}."
            )


def _create_or_update(self: AutoScalingBackend, tags: list[dict[str, Any]]) -> None:
    require_valid(tags)
    _moto_create_or_update(self, tags)


def _describe(self: AutoScalingBackend, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for each in filters:
        _require_filter(each["Name"], tuple(_OF_TAGS))
    return [
        tag
        for group in self.autoscaling_groups.values()
        for tag in group.tags
        if all(_matches(tag, each) for each in filters)
    ]


def _matches(tag: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    value = tag.get(_OF_TAGS[wanted["Name"]])
    if isinstance(value, bool):
        return str(value).lower() in [each.lower() for each in wanted["Values"]]
    return value in wanted["Values"]


def _require_filter(name: str, allowed: Sequence[str]) -> None:
    if name not in allowed:
        raise ValidationError(
            f"Filter type {name} is not correct. Allowed Filter types are: {' '.join(allowed)}"
        )
