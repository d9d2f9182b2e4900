"""Listeners and rules: the local port of each, and what the local load balancer refuses by name.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.exceptions import (
    DuplicateListenerError,
    InvalidConfigurationRequest,
    LoadBalancerNotFoundError,
)
from moto.elbv2.models import (
    ELBv2Backend,
    FakeAction,
    FakeListener,
    FakeListenerRule,
    FakeLoadBalancer,
    FakeRule,
)

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import rule_values, values
from local_aws.control_plane.elbv2.load_balancers import local_address

_CONDITIONS = ("host-header", "path-pattern")
_ACTIONS = ("forward", "fixed-response", "redirect")

_moto_create_listener = ELBv2Backend.create_listener
_moto_modify_listener = ELBv2Backend.modify_listener
_moto_validate_actions = ELBv2Backend._validate_actions
_moto_validate_conditions = ELBv2Backend._validate_conditions
_moto_create_rule = ELBv2Backend.create_rule
_moto_modify_rule = ELBv2Backend.modify_rule
_moto_set_rule_priorities = ELBv2Backend.set_rule_priorities


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        create_listener=_create_listener,
        modify_listener=_modify_listener,
        _validate_actions=_validate_actions,
        _validate_conditions=_validate_conditions,
        create_rule=_create_rule,
        modify_rule=_modify_rule,
        set_rule_priorities=_set_rule_priorities,
    )


def _create_listener(
    self: ELBv2Backend, load_balancer_arn: str, protocol: str, port: str, *args: Any, **kwargs: Any
) -> FakeListener:
    """The first listener answers where DNSName points to, any further one at a port of its own."""
    load_balancer = self.load_balancers.get(load_balancer_arn)
    if load_balancer is None:
        raise LoadBalancerNotFoundError
    _require_http(protocol)
    values.port("port", port)
    _require_free(load_balancer, port)
    has_taken_address = any(
        local_address(listener) == local_address(load_balancer)
        for listener in load_balancer.listeners.values()
    )
    listener = _moto_create_listener(self, load_balancer_arn, protocol, port, *args, **kwargs)
    if not has_taken_address:
        local_address(listener).port = local_address(load_balancer).port
    return listener


def _modify_listener(
    self: ELBv2Backend,
    arn: str,
    port: str | None = None,
    protocol: str | None = None,
    ssl_policy: str | None = None,
    certificates: list[dict[str, Any]] | None = None,
    actions: list[dict[str, Any]] | None = None,
) -> FakeListener:
    listener = self.describe_listeners(None, [arn])[0]
    if protocol is not None:
        _require_http(protocol)
    if port is not None:
        values.port("port", port)
    if port is not None and int(port) != int(listener.port):
        _require_free(self.load_balancers[listener.load_balancer_arn], port)
    if actions:
        self._validate_actions([FakeAction(action) for action in actions])
    return _moto_modify_listener(self, arn, port, protocol, ssl_policy, certificates, actions or [])


def _create_rule(
    self: ELBv2Backend,
    listener_arn: str,
    conditions: list[dict[str, Any]],
    priority: int,
    actions: list[dict[str, Any]],
    tags: list[dict[str, str]] | None = None,
) -> FakeListenerRule:
    rule_values.check_priority(priority)
    return _moto_create_rule(self, listener_arn, conditions, priority, actions, tags)


def _modify_rule(
    self: ELBv2Backend,
    rule_arn: str,
    conditions: list[dict[str, Any]],
    actions: list[dict[str, Any]],
) -> FakeRule:
    """Change conditions, actions or both; moto checks what is not given as well."""
    present = self.describe_rules(listener_arn=None, rule_arns=[rule_arn])
    unchanged = [action.data for action in present[0].actions] if present else []
    if not conditions and not actions:
        unchanged = []  # moto refuses it
    return _moto_modify_rule(self, rule_arn, conditions, actions or unchanged)


def _set_rule_priorities(
    self: ELBv2Backend, rule_priorities: list[dict[str, Any]]
) -> list[FakeRule]:
    for item in rule_priorities:
        rule_values.check_priority(item["Priority"])
    return _moto_set_rule_priorities(self, rule_priorities)


def _require_http(protocol: str) -> None:
    if protocol == "HTTPS":
        raise InvalidConfigurationRequest(
            "Listener protocol 'HTTPS' is not emulated by the local load balancer; use 'HTTP'"
        )


def _require_free(load_balancer: FakeLoadBalancer, port: str) -> None:
    if any(int(listener.port) == int(port) for listener in load_balancer.listeners.values()):
        raise DuplicateListenerError


def _validate_actions(self: ELBv2Backend, actions: list[FakeAction]) -> None:
    for action in actions:
        if action.type not in _ACTIONS:
            raise InvalidConfigurationRequest(
                f"Action type '{action.type}' is not emulated by the local load balancer; "
                f"supported are {', '.join(_ACTIONS)}"
            )
        forward = action.data.get("ForwardConfig", {})
        if str(forward.get("TargetGroupStickinessConfig", {}).get("Enabled")).lower() == "true":
            raise InvalidConfigurationRequest(
                "Target group stickiness is not emulated by the local load balancer"
            )
    rule_values.check_actions([action.data for action in actions])
    _moto_validate_actions(self, actions)


def _validate_conditions(self: ELBv2Backend, conditions: list[dict[str, Any]]) -> None:
    for condition in conditions:
        field = condition.get("Field")
        if field not in _CONDITIONS:
            raise InvalidConfigurationRequest(
                f"Condition field '{field}' is not emulated by the local load balancer; "
                f"supported are {', '.join(_CONDITIONS)}"
            )
    rule_values.check_conditions(conditions)
    _moto_validate_conditions(self, conditions)
