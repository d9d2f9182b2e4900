"""UpdateSecurityGroupRuleDescriptions answers that it was done.

moto answers nothing, and amazon.aws.ec2_security_group fails with it.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html
"""

from __future__ import annotations

from collections.abc import Callable

from moto.core.responses import ActionResult
from moto.ec2.responses.security_groups import SecurityGroups

from local_aws.control_plane import moto_seams


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


def _answering(
    update: Callable[[SecurityGroups], ActionResult],
) -> Callable[[SecurityGroups], ActionResult]:
    def answer(self: SecurityGroups) -> ActionResult:
        update(self)
        return ActionResult({"Return": True})

    return answer
