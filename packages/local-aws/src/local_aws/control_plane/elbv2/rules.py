"""A listener's rules: in the order of their priorities, the default rule last and for ever.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.exceptions import DuplicatePriorityError, ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeRule

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import rule_values

_moto_describe = ELBv2Backend.describe_rules
_moto_delete = ELBv2Backend.delete_rule


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        describe_rules=_describe,
        delete_rule=_delete,
        set_rule_priorities=_set_priorities,
    )


def _describe(
    self: ELBv2Backend, listener_arn: str | None, rule_arns: list[str] | None
) -> list[FakeRule]:
    return sorted(_moto_describe(self, listener_arn, rule_arns), key=_order)


def _order(rule: FakeRule) -> tuple[bool, int]:
    return rule.is_default, 0 if rule.is_default else int(rule.priority)


def _delete(self: ELBv2Backend, arn: str) -> None:
    for load_balancer in self.load_balancers.values():
        for listener in load_balancer.listeners.values():
            if any(rule.arn == arn and rule.is_default for rule in listener.rules.values()):
                raise _not_permitted(f"Default rule '{arn}' cannot be deleted")
    _moto_delete(self, arn)


def _set_priorities(self: ELBv2Backend, rule_priorities: list[dict[str, Any]]) -> list[FakeRule]:
    """All at once, so that two rules can swap theirs. AWS: API_SetRulePriorities."""
    wanted = {item["RuleArn"]: int(item["Priority"]) for item in rule_priorities}
    given = [int(item["Priority"]) for item in rule_priorities]
    for priority in given:
        rule_values.check_priority(priority)
        if given.count(priority) > 1:
            raise DuplicatePriorityError(str(priority))
    rules = self.describe_rules(None, list(wanted))
    for rule in rules:
        if rule.is_default:
            raise _not_permitted(f"Cannot set the priority of default rule '{rule.arn}'")
        for other in self.describe_rules(rule.listener_arn, None):
            is_taken = str(other.priority) == str(wanted[rule.arn])
            if is_taken and other.arn not in wanted:
                raise rule_values.priority_in_use(wanted[rule.arn])
    for rule in rules:
        rule.priority = wanted[rule.arn]
    return rules


def _not_permitted(message: str) -> ELBClientError:
    return ELBClientError("OperationNotPermitted", message)
