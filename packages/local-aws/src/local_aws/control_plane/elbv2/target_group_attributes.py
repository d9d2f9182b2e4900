"""Which attributes a target group has, and which values they take.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.elbv2.exceptions import InvalidConfigurationRequest, ValidationError
from moto.elbv2.models import FakeTargetGroup

from local_aws.control_plane.elbv2 import values
from local_aws.control_plane.elbv2.target_group_defaults import (
    DNS_FAILOVER,
    EVERY_NAME,
    MINIMUM_HEALTHY_PERCENTAGE,
    MINIMUM_HEALTHY_TARGETS,
    defaults,
)

_NOT_EMULATED = {
    "load_balancing.algorithm.anomaly_mitigation": "on",
    # A load balancer is one node here, for all its zones.
    "load_balancing.cross_zone.enabled": "false",
}
"""Values of an Application Load Balancer's groups that would have no effect: refused by name."""

_NUMBER = re.compile("[0-9]{1,10}")
_RANGES = {
    "deregistration_delay.timeout_seconds": range(3601),
    "slow_start.duration_seconds": (0, *range(30, 901)),
    "stickiness.app_cookie.duration_seconds": range(1, 604_801),
    "stickiness.lb_cookie.duration_seconds": range(1, 604_801),
    "target_health_state.unhealthy.draining_interval_seconds": range(360_001),
    MINIMUM_HEALTHY_TARGETS: range(1, 2**31),
}
_COUNT_OR_OFF = {
    MINIMUM_HEALTHY_PERCENTAGE: range(1, 101),
    f"{DNS_FAILOVER}.count": range(1, 2**31),
    f"{DNS_FAILOVER}.percentage": range(1, 101),
}
_SWITCH = ("true", "false")
_CHOICES = {
    "deregistration_delay.connection_termination.enabled": _SWITCH,
    "load_balancing.algorithm.anomaly_mitigation": ("on", "off"),
    "load_balancing.algorithm.type": (
        "round_robin",
        "least_outstanding_requests",
        "weighted_random",
    ),
    "load_balancing.cross_zone.enabled": (*_SWITCH, "use_load_balancer_configuration"),
    "preserve_client_ip.enabled": _SWITCH,
    "proxy_protocol_v2.enabled": _SWITCH,
    "target_health_state.unhealthy.connection_termination.enabled": _SWITCH,
}
_STICKINESS_TYPES = ("app_cookie", "lb_cookie", "source_ip", None)  # None: Lambda functions
_RESERVED_COOKIES = ("AWSALB", "AWSALBAPP", "AWSALBTG")
_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,4096}")


def check(group: FakeTargetGroup, given: Mapping[str, Any]) -> None:
    """Check what a group is to be given; raises ValidationError, or InvalidConfigurationRequest."""
    for name, value in given.items():
        _check_name(group, name)
        _check_value(name, str(value))
        if group.protocol in ("HTTP", "HTTPS"):
            _refuse_what_is_not_emulated(name, str(value))
    together = {**group.attributes, **given}
    _check_stickiness(together)
    _check_slow_start(together)


def _check_name(group: FakeTargetGroup, name: str) -> None:
    if name not in EVERY_NAME:
        raise ValidationError(
            f"Target group attribute key '{values.shown(name)}' is not recognized"
        )
    if name not in defaults(group.protocol, group.target_type):
        raise InvalidConfigurationRequest(
            f"Target group attribute '{name}' is not supported by target groups with the protocol "
            f"{group.protocol}"
        )


def _check_value(name: str, value: str) -> None:
    allowed = _RANGES.get(name) or (_COUNT_OR_OFF.get(name) if value != "off" else None)
    if allowed is not None and not (_NUMBER.fullmatch(value) and int(value) in allowed):
        raise ValidationError(f"'{name}' value '{value}' is not valid")
    choices = _CHOICES.get(name, (value,))
    if value not in choices:
        raise ValidationError(f"'{name}' must be one of [{', '.join(choices)}]")


def _refuse_what_is_not_emulated(name: str, value: str) -> None:
    if value == _NOT_EMULATED.get(name):
        raise InvalidConfigurationRequest(
            f"The local load balancer does not emulate '{name}' = '{value}'"
        )


def _check_slow_start(attributes: Mapping[str, Any]) -> None:
    """Round robin has it, and no other algorithm; the words as users reported them."""
    algorithm = str(attributes.get("load_balancing.algorithm.type", "round_robin"))
    if algorithm != "round_robin" and str(attributes["slow_start.duration_seconds"]) != "0":
        raise InvalidConfigurationRequest(
            f"You cannot enable both slow start and {algorithm.replace('_', ' ')} algorithm on a "
            "target group"
        )


def _check_stickiness(attributes: Mapping[str, Any]) -> None:
    """The attributes as they would be, all together."""
    if attributes.get("stickiness.enabled") not in ("true", "false"):
        raise ValidationError("'stickiness.enabled' must be one of [true, false]")
    if attributes.get("stickiness.type") not in _STICKINESS_TYPES:
        raise ValidationError("'Stickiness type' must be one of [app_cookie, lb_cookie, source_ip]")
    cookie = str(attributes.get("stickiness.app_cookie.cookie_name") or "")
    if cookie.startswith(_RESERVED_COOKIES):
        raise InvalidConfigurationRequest(
            f"The application cookie name '{values.shown(cookie)}' begins with a name that is "
            f"reserved for the load balancer: {', '.join(_RESERVED_COOKIES)}"
        )
    if cookie and not _COOKIE_NAME.fullmatch(cookie):
        raise ValidationError(f"The application cookie name '{values.shown(cookie)}' is not valid")
    if attributes.get("stickiness.type") == "app_cookie" and not cookie:
        raise InvalidConfigurationRequest(
            "You must set an application cookie name to enable stickiness of type 'app_cookie'"
        )
