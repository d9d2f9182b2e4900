"""What rules and listeners say, value by value: actions, conditions, priorities.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html,
API_RedirectActionConfig.html, API_FixedResponseActionConfig.html and API_RuleCondition.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.elbv2.exceptions import ValidationError

from local_aws.control_plane.elbv2 import values

_MOST_CONDITION_VALUES = 5
_MOST_TARGET_GROUPS = 5
_LONGEST_BODY = 1_024
_PATTERNS = {
    "host-header": ("HostHeaderConfig", re.compile(r"[A-Za-z0-9.*?-]{1,128}")),
    "path-pattern": ("PathPatternConfig", re.compile(r"[A-Za-z0-9_.$/~\"'@:+&*?-]{1,128}")),
}


def check_priority(priority: Any) -> None:
    """Raises ValidationError, as all here."""
    values.number("priority", priority, 1, 50_000)


def check_actions(actions: Sequence[Mapping[str, Any]]) -> None:
    """The actions of a rule or listener, of the types that are emulated."""
    if not actions:
        raise ValidationError("At least one action must be specified")
    for action in actions:
        check = {
            "forward": _check_forward,
            "redirect": _check_redirect,
            "fixed-response": _check_fixed_response,
        }
        check[action["Type"]](action)


def check_conditions(conditions: Sequence[Mapping[str, Any]]) -> None:
    """Conditions of the fields that are emulated."""
    number = 0
    for condition in conditions:
        config, pattern = _PATTERNS[condition["Field"]]
        given = condition.get(config, condition).get("Values", ())
        number += len(given)
        for value in given:
            if not pattern.fullmatch(str(value)):
                raise ValidationError(
                    f"The '{condition['Field']}' value '{values.shown(str(value))}' is empty, has "
                    "more than 128 characters or one that is not valid"
                )
    if number > _MOST_CONDITION_VALUES:
        raise ValidationError(f"A rule can only have '{_MOST_CONDITION_VALUES}' condition values")


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


def _check_redirect(action: Mapping[str, Any]) -> None:
    redirect = action.get("RedirectConfig") or {}
    values.text("redirectConfig.statusCode", redirect.get("StatusCode"), "HTTP_30[12]", 8)
    checks = {
        "Protocol": (r"HTTPS?|#\{protocol\}", 11),
        "Host": (r"[A-Za-z0-9.*?#{}_:-]{1,128}", 128),
        "Path": (r"/[!-~]{0,127}", 128),
        "Query": (r"[!-~]{0,128}", 128),
    }
    for part, (pattern, longest) in checks.items():
        if redirect.get(part) is not None:
            values.text(f"redirectConfig.{part.lower()}", redirect[part], pattern, longest)
    if redirect.get("Port") not in (None, "#{port}"):
        values.port("redirectConfig.port", redirect["Port"])


def _check_fixed_response(action: Mapping[str, Any]) -> None:
    response = action.get("FixedResponseConfig") or {}
    status = response.get("StatusCode")
    values.text("fixedResponseConfig.statusCode", status, r"[245][0-9]{2}", 3)
    body = str(response.get("MessageBody") or "")
    if len(body) > _LONGEST_BODY:
        raise ValidationError(
            "1 validation error detected: Value at 'fixedResponseConfig.messageBody' failed to "
            f"satisfy constraint: Member must have length less than or equal to {_LONGEST_BODY}"
        )
