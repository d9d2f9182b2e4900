"""Policies of a Classic Load Balancer, and which of its listeners and instance ports have them.

moto names the types of stickiness policies otherwise than AWS and shows no attributes of them,
enables policies that do not exist, and passes over ports that are not those of the first listeners.

Sources, below https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/:
API_CreateLoadBalancerPolicy.html, API_DeleteLoadBalancerPolicy.html, API_Policies.html,
API_DescribeLoadBalancerPolicyTypes.html, API_SetLoadBalancerPoliciesOfListener.html and
API_SetLoadBalancerPoliciesForBackendServer.html. The messages are AWS's where users reported them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.elb.exceptions import ELBClientError
from moto.elb.models import ELBBackend, FakeBackend, FakeListener, LoadBalancer
from moto.elb.policies import OtherPolicy, Policy
from moto.elb.responses import ELBResponse

from local_aws.control_plane import moto_seams

_APP_COOKIE = "AppCookieStickinessPolicyType"
_LB_COOKIE = "LBCookieStickinessPolicyType"
_STICKINESS = (_APP_COOKIE, _LB_COOKIE)
_OF_LISTENERS = (*_STICKINESS, "SSLNegotiationPolicyType")
_OF_INSTANCE_PORTS = ("ProxyProtocolPolicyType", "BackendServerAuthenticationPolicyType")
_TYPES = (*_OF_LISTENERS, *_OF_INSTANCE_PORTS, "PublicKeyPolicyType")
_HTTP = ("HTTP", "HTTPS")
_COOKIE_NAME = "CookieName"
_COOKIE_EXPIRATION = "CookieExpirationPeriod"
_BROWSER_SESSION = "0"
"""AWS: the default value of CookieExpirationPeriod; a session ends with the browser's."""

_moto_delete = ELBBackend.delete_load_balancer_policy


def install() -> None:
    moto_seams.replace(
        ELBBackend,
        create_load_balancer_policy=_create,
        create_app_cookie_stickiness_policy=_create_app_cookie,
        create_lb_cookie_stickiness_policy=_create_lb_cookie,
        describe_load_balancer_policies=_describe,
        delete_load_balancer_policy=_delete,
        set_load_balancer_policies_of_listener=_set_of_listener,
        set_load_balancer_policies_for_backend_server=_set_for_instance_port,
    )
    moto_seams.replace(
        ELBResponse,
        set_load_balancer_policies_of_listener=_answer_set_of_listener,
        set_load_balancer_policies_for_backend_server=_answer_set_for_instance_port,
    )
    ELBResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[
        "DescribeAccessPointsOutput.LoadBalancerDescriptions.LoadBalancerDescription.Policies"
    ] = by_kind


def by_kind(policies: Iterable[Policy]) -> dict[str, list[Any]]:
    """Return policies as DescribeLoadBalancers has them: stickiness apart from names of others."""
    held = list(policies)
    return {
        "AppCookieStickinessPolicies": [
            {"PolicyName": each.policy_name, **_attributes(each)}
            for each in held
            if each.policy_type_name == _APP_COOKIE
        ],
        "LBCookieStickinessPolicies": [
            {"PolicyName": each.policy_name, **_attributes(each)}
            for each in held
            if each.policy_type_name == _LB_COOKIE
        ],
        "OtherPolicies": [
            each.policy_name for each in held if each.policy_type_name not in _STICKINESS
        ],
    }


def _attributes(policy: Policy) -> dict[str, str]:
    given: list[Mapping[str, str]] = getattr(policy, "policy_attribute_descriptions", [])
    return {each["AttributeName"]: each["AttributeValue"] for each in given}


def _create(
    self: ELBBackend,
    load_balancer_name: str,
    policy_name: str,
    policy_type_name: str,
    policy_attrs: Sequence[Mapping[str, Any]],
) -> LoadBalancer:
    balancer = self.get_load_balancer(load_balancer_name)
    if policy_type_name not in _TYPES:
        raise ELBClientError(
            "PolicyTypeNotFound", f"Policy type '{policy_type_name}' does not exist"
        )
    if any(each.policy_name == policy_name for each in balancer.policies):
        raise ELBClientError(
            "DuplicatePolicyName",
            f"A policy with name {policy_name} already exists for load balancer {balancer.name}",
        )
    attributes = [
        {"AttributeName": each["AttributeName"], "AttributeValue": each.get("AttributeValue", "")}
        for each in policy_attrs
    ]
    balancer.policies.append(OtherPolicy(policy_name, policy_type_name, attributes))
    return balancer


def _create_app_cookie(
    self: ELBBackend, load_balancer_name: str, policy_name: str, cookie_name: str
) -> LoadBalancer:
    return _create(
        self, load_balancer_name, policy_name, _APP_COOKIE, [_attribute(_COOKIE_NAME, cookie_name)]
    )


def _create_lb_cookie(
    self: ELBBackend,
    load_balancer_name: str,
    policy_name: str,
    cookie_expiration_period: int | None,
) -> LoadBalancer:
    """The period is in seconds."""
    period = str(cookie_expiration_period or _BROWSER_SESSION)
    attributes = [_attribute(_COOKIE_EXPIRATION, period)]
    return _create(self, load_balancer_name, policy_name, _LB_COOKIE, attributes)


def _attribute(name: str, value: str) -> dict[str, str]:
    return {"AttributeName": name, "AttributeValue": value}


def _describe(self: ELBBackend, lb_name: str, policy_names: Sequence[str]) -> list[Policy]:
    balancer = self.get_load_balancer(lb_name)
    return _named(balancer, policy_names) if policy_names else balancer.policies


def _delete(self: ELBBackend, lb_name: str, policy_name: str) -> None:
    balancer = self.get_load_balancer(lb_name)
    places: list[FakeListener | FakeBackend] = [*balancer.listeners, *balancer.backends]
    if any(policy_name in each.policy_names for each in places):
        raise _invalid(f"Policy {policy_name} is enabled; disable it before it is deleted")
    _moto_delete(self, lb_name, policy_name)


def _set_of_listener(
    self: ELBBackend, load_balancer_name: str, load_balancer_port: int, policies: Sequence[str]
) -> LoadBalancer:
    balancer = self.get_load_balancer(load_balancer_name)
    listener = _listener(balancer, load_balancer_port)
    for policy in _named(balancer, policies):
        kind = policy.policy_type_name
        is_http = listener.protocol in _HTTP
        if kind not in _OF_LISTENERS or (kind in _STICKINESS and not is_http):
            raise _invalid(f"{policy.policy_name} cannot be enabled")
    listener.policy_names = list(policies)
    return balancer


def _set_for_instance_port(
    self: ELBBackend, load_balancer_name: str, instance_port: int, policies: Sequence[str]
) -> LoadBalancer:
    balancer = self.get_load_balancer(load_balancer_name)
    for policy in _named(balancer, policies):
        if policy.policy_type_name not in _OF_INSTANCE_PORTS:
            raise _invalid(f"{policy.policy_name} cannot be enabled")
    _instance_port(balancer, instance_port).policy_names = list(policies)
    return balancer


def _answer_set_of_listener(self: ELBResponse) -> ActionResult:
    given = self._get_params()
    self.elb_backend.set_load_balancer_policies_of_listener(
        given["LoadBalancerName"], int(given["LoadBalancerPort"]), given.get("PolicyNames") or []
    )
    return EmptyResult()


def _answer_set_for_instance_port(self: ELBResponse) -> ActionResult:
    given = self._get_params()
    self.elb_backend.set_load_balancer_policies_for_backend_server(
        given["LoadBalancerName"], int(given["InstancePort"]), given.get("PolicyNames") or []
    )
    return EmptyResult()


def _named(balancer: LoadBalancer, names: Sequence[str]) -> list[Policy]:
    held = {each.policy_name: each for each in balancer.policies}
    for name in names:
        if name not in held:
            raise ELBClientError(
                "PolicyNotFound",
                f"There is no policy with name {name} for load balancer {balancer.name}",
            )
    return [held[name] for name in names]


def _listener(balancer: LoadBalancer, port: int) -> FakeListener:
    for listener in balancer.listeners:
        if int(listener.load_balancer_port) == port:
            return listener
    raise ELBClientError(
        "ListenerNotFound", f"{balancer.name} does not have a listener at port {port}"
    )


def _instance_port(balancer: LoadBalancer, port: int) -> FakeBackend:
    """Return what is kept of a port at which a listener reaches instances."""
    for backend in balancer.backends:
        if int(backend.instance_port) == port:
            return backend
    if all(int(each.instance_port) != port for each in balancer.listeners):
        raise _invalid(f"No listener of {balancer.name} has the instance port {port}")
    added = FakeBackend(instance_port=str(port))
    balancer.backends.append(added)
    return added


def _invalid(message: str) -> ELBClientError:
    return ELBClientError("InvalidConfigurationRequest", message)
