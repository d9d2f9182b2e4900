"""Listeners and rules: the local port of each, and what the local load balancer refuses by name.

moto's answers to requests drop members that they do not know; here requests are read as they are.
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import (
    ELBClientError,
    InvalidConfigurationRequest,
    ListenerNotFoundError,
    LoadBalancerNotFoundError,
    PriorityInUseError,
    ValidationError,
)
from moto.elbv2.models import (
    ELBv2Backend,
    FakeAction,
    FakeListener,
    FakeListenerRule,
    FakeLoadBalancer,
    FakeRule,
)
from moto.elbv2.responses import ELBV2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import (
    listener_security,
    redirects,
    rule_conditions,
    rule_values,
    tags,
    target_groups,
    transforms,
    values,
)
from local_aws.control_plane.elbv2.load_balancers import give_up_own_address, local_address

_ACTIONS = ("forward", "fixed-response", "redirect")

_moto_create_listener = ELBv2Backend.create_listener
_moto_delete_listener = ELBv2Backend.delete_listener
_moto_modify_listener = ELBv2Backend.modify_listener
_moto_validate_actions = ELBv2Backend._validate_actions
_moto_create_rule = ELBv2Backend.create_rule
_moto_modify_rule = ELBv2Backend.modify_rule


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        create_listener=_create_listener,
        delete_listener=_delete_listener,
        modify_listener=_modify_listener,
        _validate_actions=_validate_actions,
        _validate_conditions=_validate_conditions,
        create_rule=_create_rule,
        modify_rule=_modify_rule,
    )
    moto_seams.replace(
        ELBV2Response,
        create_listener=_answer_create_listener,
        modify_listener=_answer_modify_listener,
        create_rule=_answer_create_rule,
        modify_rule=_answer_modify_rule,
    )


def refuse_what_is_not_emulated(settings: Mapping[str, Any]) -> None:
    """The members of a listener or rule that would have no effect. Raises
    InvalidConfigurationRequest."""
    mode = settings.get("MutualAuthentication", {}).get("Mode", "off")
    if mode != "off":
        raise InvalidConfigurationRequest(
            f"Mutual authentication mode '{mode}' is not emulated by the local load balancer; "
            "use 'off'"
        )


def require_emulated_actions(actions: Iterable[Mapping[str, Any]]) -> None:
    """Raises InvalidConfigurationRequest."""
    for action in actions:
        kind = action.get("Type")
        if kind not in _ACTIONS:
            raise InvalidConfigurationRequest(
                f"Action type '{kind}' is not emulated by the local load balancer; "
                f"supported are {', '.join(_ACTIONS)}"
            )


def _answer_create_listener(self: ELBV2Response) -> ActionResult:
    given = self._get_params()
    refuse_what_is_not_emulated(given)
    tags.check_given(given.get("Tags") or ())
    backend: Any = self.elbv2_backend
    present = _same_listener(backend, given)
    if present is not None:
        return ActionResult({"Listeners": [present]})
    listener = backend.create_listener(
        given["LoadBalancerArn"],
        given.get("Protocol"),
        given.get("Port"),
        given.get("SslPolicy"),
        given.get("Certificates"),
        given.get("DefaultActions", []),
        given.get("AlpnPolicy", []),
        given.get("Tags"),
    )
    return ActionResult({"Listeners": [listener]})


def _same_listener(backend: ELBv2Backend, given: Mapping[str, Any]) -> FakeListener | None:
    """API_CreateListener: a request that is made again succeeds, with what it has created."""
    balancer = backend.load_balancers.get(given["LoadBalancerArn"])
    actions = [FakeAction(copy.deepcopy(each)).data for each in given.get("DefaultActions", [])]
    for listener in balancer.listeners.values() if balancer else ():
        if (
            (str(listener.port), listener.protocol)
            == (str(given.get("Port")), given.get("Protocol"))
            and [each.data for each in listener._default_rule[0].actions] == actions
            and listener_security.is_same(
                listener, given.get("SslPolicy"), given.get("Certificates")
            )
        ):
            return listener
    return None


def _answer_modify_listener(self: ELBV2Response) -> ActionResult:
    given = self._get_params()
    refuse_what_is_not_emulated(given)
    listener = self.elbv2_backend.modify_listener(
        given["ListenerArn"],
        given.get("Port"),
        given.get("Protocol"),
        given.get("SslPolicy"),
        given.get("Certificates"),
        given.get("DefaultActions", []),
    )
    return ActionResult({"Listeners": [listener]})


def _answer_create_rule(self: ELBV2Response) -> ActionResult:
    given = self._get_params()
    refuse_what_is_not_emulated(given)
    tags.check_given(given.get("Tags") or ())
    backend: Any = self.elbv2_backend
    rule = backend.create_rule(
        given["ListenerArn"],
        given["Conditions"],
        given["Priority"],
        given["Actions"],
        given.get("Tags"),
        given.get("Transforms") or (),
    )
    return ActionResult({"Rules": [rule]})


def _answer_modify_rule(self: ELBV2Response) -> ActionResult:
    given = self._get_params()
    refuse_what_is_not_emulated(given)
    backend: Any = self.elbv2_backend
    rule = backend.modify_rule(
        given["RuleArn"],
        given.get("Conditions") or [],
        given.get("Actions") or [],
        transforms.given(given),
    )
    return ActionResult({"Rules": [rule]})


def _create_listener(
    self: ELBv2Backend,
    load_balancer_arn: str,
    protocol: str,
    port: str,
    ssl_policy: str | None,
    certificates: list[dict[str, Any]] | None,
    actions: list[dict[str, Any]],
    *args: Any,
    **kwargs: Any,
) -> FakeListener:
    """The first listener answers where DNSName points to, any further one at a port of its own."""
    load_balancer = self.load_balancers.get(load_balancer_arn)
    if load_balancer is None:
        raise LoadBalancerNotFoundError
    self._validate_port_and_protocol("application", port, protocol)
    security = listener_security.for_new(self, protocol, ssl_policy, certificates)
    values.port("port", port)
    if not _is_free(load_balancer, port):
        raise ELBClientError(
            "DuplicateListener",
            f"A listener already exists on this port for this load balancer '{load_balancer_arn}'",
        )
    _check_actions(self, load_balancer, actions, protocol, port)
    has_taken_address = any(
        local_address(listener) == local_address(load_balancer)
        for listener in load_balancer.listeners.values()
    )
    listener = _moto_create_listener(
        self,
        load_balancer_arn,
        protocol,
        port,
        security.policy or "",
        None,
        actions,
        *args,
        **kwargs,
    )
    listener_security.apply(listener, security)
    if not has_taken_address:
        local_address(listener).port = local_address(load_balancer).port
    return listener


def _delete_listener(self: ELBv2Backend, listener_arn: str) -> FakeListener:
    listener = _moto_delete_listener(self, listener_arn)
    load_balancer = self.load_balancers.get(listener.load_balancer_arn)
    if load_balancer:
        give_up_own_address(listener, load_balancer)
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
    """All of it is checked before any of it is changed."""
    found = self.describe_listeners(None, [arn])
    if not found:
        raise ListenerNotFoundError
    listener = found[0]
    if protocol is not None:
        self._validate_port_and_protocol("application", port or listener.port, protocol)
    security = listener_security.for_changed(self, listener, protocol, ssl_policy, certificates)
    if port is not None:
        values.port("port", port)
    wanted = port or listener.port
    load_balancer = self.load_balancers[listener.load_balancer_arn]
    if int(wanted) != int(listener.port) and not _is_free(load_balancer, wanted):
        raise ValidationError(f"Listener port '{port}' is already in use")
    if actions:
        _check_actions(self, load_balancer, actions, protocol or listener.protocol, wanted)
    listener_security.apply(listener, security)
    return _moto_modify_listener(self, arn, port, protocol, None, [], actions or [])


def _create_rule(
    self: ELBv2Backend,
    listener_arn: str,
    conditions: list[dict[str, Any]],
    priority: int,
    actions: list[dict[str, Any]],
    tags: list[dict[str, str]] | None = None,
    given_transforms: transforms.Transforms = (),
) -> FakeListenerRule:
    rule_values.check_priority(priority)
    transforms.check(given_transforms)
    _check_rule_actions(self, self.describe_listeners(None, [listener_arn])[0], actions)
    try:
        rule = _moto_create_rule(self, listener_arn, conditions, priority, actions, tags)
    except PriorityInUseError:
        raise rule_values.priority_in_use(priority) from None
    transforms.apply(rule, given_transforms)
    return rule


def _modify_rule(
    self: ELBv2Backend,
    rule_arn: str,
    conditions: list[dict[str, Any]],
    actions: list[dict[str, Any]],
    given_transforms: transforms.Transforms | None = None,
) -> FakeRule:
    """Change what is given of these; moto checks what is not given as well.

    The default rule's actions are the listener's: ModifyListener changes them. AWS's words as users
    reported them.
    """
    present = self.describe_rules(listener_arn=None, rule_arns=[rule_arn])
    if any(rule.is_default for rule in present):
        raise ELBClientError(
            "OperationNotPermitted", f"Default rule '{rule_arn}' cannot be modified"
        )
    if present and actions:
        [listener] = self.describe_listeners(None, [present[0].listener_arn])
        _check_rule_actions(self, listener, actions)
    unchanged = [action.data for action in present[0].actions] if present else []
    if not conditions and not actions and given_transforms is None:
        unchanged = []  # moto refuses it
    transforms.check(given_transforms or ())
    rule = _moto_modify_rule(self, rule_arn, conditions, actions or unchanged)
    if given_transforms is not None:
        transforms.apply(rule, given_transforms)
    return rule


def _is_free(load_balancer: FakeLoadBalancer, port: str) -> bool:
    return all(int(listener.port) != int(port) for listener in load_balancer.listeners.values())


def _check_rule_actions(
    backend: ELBv2Backend, listener: FakeListener, actions: Sequence[dict[str, Any]]
) -> None:
    balancer = backend.load_balancers[listener.load_balancer_arn]
    _check_actions(backend, balancer, actions, str(listener.protocol), str(listener.port))


def _check_actions(
    backend: ELBv2Backend,
    balancer: FakeLoadBalancer,
    actions: Sequence[dict[str, Any]],
    protocol: str,
    port: str,
) -> None:
    """The actions of a listener with this protocol and port, or of one of its rules."""
    backend._validate_actions([FakeAction(action) for action in actions])
    redirects.check_directions(actions, protocol, int(port))
    for action in actions:
        for arn in dict.fromkeys(backend._get_target_group_arns_from(action)):
            target_groups.require_free_for(backend.target_groups[arn], balancer)


def _validate_actions(self: ELBv2Backend, actions: list[FakeAction]) -> None:
    data = [action.data for action in actions]
    require_emulated_actions(data)
    rule_values.check_actions(data)
    _moto_validate_actions(self, actions)
    for action in data:
        _require_target_groups(self, action)


def _require_target_groups(backend: ELBv2Backend, action: Mapping[str, Any]) -> None:
    """An Application Load Balancer forwards over HTTP; Lambda functions are not called here.

    ELB's words for protocols as users reported them.
    """
    given = [action, *action.get("ForwardConfig", {}).get("TargetGroups", ())]
    arns = [each["TargetGroupArn"] for each in given if "TargetGroupArn" in each]
    for group in (backend.target_groups[arn] for arn in arns if arn in backend.target_groups):
        if group.target_type == "lambda":
            raise InvalidConfigurationRequest(
                f"The local AWS does not emulate target groups of Lambda functions: {group.arn}"
            )
        if group.protocol not in ("HTTP", "HTTPS"):
            raise ELBClientError(
                "IncompatibleProtocols",
                f"The listener and its associated target group '{group.arn}' have incompatible "
                "protocols",
            )


def _validate_conditions(self: ELBv2Backend, conditions: list[dict[str, Any]]) -> None:
    """moto knows no regular expressions, and takes one value where AWS takes several."""
    del self
    rule_conditions.check(conditions)
