"""Descriptions of security group rules: their characters, and how they change.

moto takes any text, changes none that a request names by the rule's id, and answers nothing, with
which amazon.aws.ec2_security_group fails.
Source: API_UpdateSecurityGroupRuleDescriptionsIngress, API_SecurityGroupRuleDescription and
API_IpRange in the EC2 API Reference; EC2's words as users reported them.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidSecurityGroupNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
)
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.security import security_group_texts


def install() -> None:
    moto_seams.replace(
        SecurityGroups,
        update_security_group_rule_descriptions_ingress=_answering(
            SecurityGroups.update_security_group_rule_descriptions_ingress
        ),
        update_security_group_rule_descriptions_egress=_answering(
            SecurityGroups.update_security_group_rule_descriptions_egress
        ),
    )


def check(description: str | None) -> None:
    """Raise EC2ClientError for what is no description of a rule."""
    if description and not security_group_texts.is_valid(description):
        raise EC2ClientError(
            "InvalidParameterValue",
            "Invalid rule description. Valid descriptions are strings less than 256 characters "
            f"from the following set:  {security_group_texts.CHARACTERS}",
        )


def describe(rule: SecurityGroupRule, description: str) -> None:
    """Give the rule this description, where moto shows it: with its peer."""
    peer = rule.source_group or rule.ip_range
    peer["Description"] = description


def _answering(
    update: Callable[[SecurityGroups], ActionResult],
) -> Callable[[SecurityGroups], ActionResult]:
    def answer(self: SecurityGroups) -> ActionResult:
        by_id = self._get_param("SecurityGroupRuleDescriptions", [])
        if by_id:
            _describe_by_id(self, by_id)
        else:
            update(self)
        return ActionResult({"Return": True})

    return answer


def _describe_by_id(request: SecurityGroups, wanted: list[dict[str, str]]) -> None:
    named = request._get_param("GroupId") or request._get_param("GroupName")
    group = request.ec2_backend.get_security_group_by_name_or_id(named)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(named)
    for each in wanted:
        check(each.get("Description"))
        if group.get_rule(each["SecurityGroupRuleId"]) is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(each["SecurityGroupRuleId"])
    for each in wanted:
        describe(group.get_rule(each["SecurityGroupRuleId"]), each.get("Description", ""))
