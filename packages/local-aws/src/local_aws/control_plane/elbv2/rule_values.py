"""What rules and listeners say, value by value: actions and priorities.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html,
API_FixedResponseActionConfig.html and API_TargetGroupStickinessConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.elbv2.exceptions import ELBClientError, ValidationError

from local_aws.control_plane.elbv2 import redirects, values

_MOST_TARGET_GROUPS = 5
_LONGEST_BODY = 1_024
_LONGEST_STICKINESS_SECONDS = 604_800


def check_priority(priority: Any) -> None:
    """Raises ValidationError, as all here."""
    values.number("priority", priority, 1, 50_000)


def priority_in_use(priority: Any) -> ELBClientError:
    """In ELB's words, as users reported them."""
    return ELBClientError("PriorityInUse", f"Priority '{priority}' is currently in use")


def check_actions(actions: Sequence[Mapping[str, Any]]) -> None:
    """The actions of a rule or listener, of the types that are emulated."""
    if not actions:
        raise ValidationError("At least one action must be specified")
    for action in actions:
        check = {
            "forward": _check_forward,
            "redirect": redirects.check,
            "fixed-response": _check_fixed_response,
        }
        check[action["Type"]](action)


def _check_forward(action: Mapping[str, Any]) -> None:
    if "TargetGroupArn" not in action and not action.get("ForwardConfig", {}).get("TargetGroups"):
        raise ValidationError("A target group ARN must be specified for a forward action")
    groups = action.get("ForwardConfig", {}).get("TargetGroups") or ()
    if len(groups) > _MOST_TARGET_GROUPS:
        raise ValidationError(
            f"A forward action can only have '{_MOST_TARGET_GROUPS}' target groups"
        )
    for group in groups:
        if "TargetGroupArn" not in group:
            raise ValidationError("A target group ARN must be specified for a forward action")
        values.number("weight", group.get("Weight", 1), 0, 999)
    stickiness = action.get("ForwardConfig", {}).get("TargetGroupStickinessConfig", {})
    seconds = stickiness.get("DurationSeconds")
    if seconds is not None:
        name = "targetGroupStickinessConfig.durationSeconds"
        values.number(name, seconds, 1, _LONGEST_STICKINESS_SECONDS)
    elif values.is_true(stickiness.get("Enabled")):
        raise ValidationError(
            "A duration must be specified when target group stickiness is enabled"
        )


def _check_fixed_response(action: Mapping[str, Any]) -> None:
    response = action.get("FixedResponseConfig")
    if response is None:
        raise redirects.missing("fixed-response", "FixedResponseConfig")
    status = response.get("StatusCode")
    values.text("fixedResponseConfig.statusCode", status, r"[245][0-9]{2}", 3)
    body = str(response.get("MessageBody") or "")
    if len(body) > _LONGEST_BODY:
        raise ValidationError(
            "1 validation error detected: Value at 'fixedResponseConfig.messageBody' failed to "
            f"satisfy constraint: Member must have length less than or equal to {_LONGEST_BODY}"
        )
