"""Tags: as many as AWS allows, none with its own prefix, and only of what exists.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html,
API_DescribeTags.html and "Tags for your Application Load Balancer" in its guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicateTagKeysError, TooManyTagsError, ValidationError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from local_aws.control_plane import moto_seams

_MOST_TAGS = 50
_MOST_RESOURCES = 20
_RESERVED = "aws:"

_moto_answer_add = ELBV2Response.add_tags
_moto_answer_create_load_balancer = ELBV2Response.create_load_balancer
_moto_answer_create_target_group = ELBV2Response.create_target_group
_moto_describe = ELBv2Backend.describe_tags


def install() -> None:
    moto_seams.replace(ELBv2Backend, add_tags=_add, describe_tags=_describe)
    moto_seams.replace(
        ELBV2Response,
        add_tags=_answer_add,
        create_load_balancer=_answer_create_load_balancer,
        create_target_group=_answer_create_target_group,
    )


def check_given(tags: Sequence[Mapping[str, str]]) -> None:
    """Those of a request; a stack's own ones have AWS's prefix.

    Raises DuplicateTagKeys, TooManyTags or ValidationError.
    """
    keys = [tag["Key"] for tag in tags]
    for key in keys:
        if keys.count(key) > 1:
            raise DuplicateTagKeysError(key)
        if key.lower().startswith(_RESERVED):
            raise ValidationError(f"Tag keys cannot begin with '{_RESERVED}': it is reserved")
    if len(keys) > _MOST_TAGS:
        raise TooManyTagsError


def _answer_add(self: ELBV2Response) -> ActionResult:
    check_given(self._get_param("Tags", []))
    return _moto_answer_add(self)


def _answer_create_load_balancer(self: ELBV2Response) -> ActionResult:
    check_given(self._get_param("Tags", []))
    return _moto_answer_create_load_balancer(self)


def _answer_create_target_group(self: ELBV2Response) -> ActionResult:
    check_given(self._get_param("Tags", []))
    return _moto_answer_create_target_group(self)


def _add(self: ELBv2Backend, resource_arns: list[str], tags: list[dict[str, str]]) -> None:
    """All or none. Tags with AWS's prefix do not count."""
    for arn in resource_arns:
        self._get_resource_by_arn(arn)
        present = self.tagging_service.get_tag_dict_for_resource(arn)
        together = {*present, *(tag["Key"] for tag in tags)}
        if sum(not key.startswith(_RESERVED) for key in together) > _MOST_TAGS:
            raise TooManyTagsError
    for arn in resource_arns:
        self.tagging_service.tag_resource(arn, tags)


def _describe(self: ELBv2Backend, resource_arns: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    if len(resource_arns) > _MOST_RESOURCES:
        raise ValidationError(
            "1 validation error detected: Value at 'resourceArns' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_MOST_RESOURCES}"
        )
    for arn in resource_arns:
        self._get_resource_by_arn(arn)
    described: Mapping[str, Mapping[str, str]] = _moto_describe(self, list(resource_arns))
    return described
