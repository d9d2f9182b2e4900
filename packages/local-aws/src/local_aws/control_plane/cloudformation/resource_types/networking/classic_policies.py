"""The policies of a classic load balancer, and where they are enabled.

A policy cannot be changed: it is disabled and deleted, and created again. AWS: PolicyNames of
"AWS::ElasticLoadBalancing::LoadBalancer Listeners" and "... Policies" in the CloudFormation
Template Reference, and API_DeleteLoadBalancerPolicy: "The specified policy must not be enabled for
any listeners."
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Properties,
    whole_number,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api

PROPERTIES = ("AppCookieStickinessPolicy", "LBCookieStickinessPolicy", "Policies")


def delete_old(elb: Api, model: Any, old: Properties, new: Properties) -> None:
    """Disable and delete what `new` no longer has, or has otherwise than `old`."""
    before, after = _by_name(old), _by_name(new)
    gone = {name for name, policy in before.items() if after.get(name) != policy}
    for listener in model.listeners:
        names = [name for name in listener.policy_names if name not in gone]
        if len(names) < len(listener.policy_names):
            _enable_for_listener(elb, model, int(listener.load_balancer_port), names)
    for backend in model.backends:
        names = [name for name in backend.policy_names if name not in gone]
        if len(names) < len(backend.policy_names):
            _enable_for_instances(elb, model, int(backend.instance_port), names)
    for name in sorted(gone):
        elb.delete_load_balancer_policy(LoadBalancerName=model.name, PolicyName=name)


def create_new(elb: Api, model: Any, new: Properties) -> None:
    """Create those of `new` that there are not, and enable each where `new` says."""
    present = {policy.policy_name for policy in model.policies}
    for name, (kind, policy) in _by_name(new).items():
        if name not in present:
            _create(elb, model, kind, policy)
    for port, names in _of_listeners(new).items():
        live = next(each for each in model.listeners if int(each.load_balancer_port) == port)
        if list(live.policy_names) != names:
            _enable_for_listener(elb, model, port, names)
    for port, names in _of_ports(new, "InstancePorts").items():
        _enable_for_instances(elb, model, port, names)


def _by_name(properties: Properties) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The property that declares each policy, and its declaration."""
    return {
        policy["PolicyName"]: (kind, policy)
        for kind in PROPERTIES
        for policy in properties.get(kind, ())
    }


def _of_listeners(properties: Properties) -> dict[int, list[str]]:
    """By port: a listener names its policies, or one of Policies names the listener's port."""
    named = _of_ports(properties, "LoadBalancerPorts")
    return {
        port: list(dict.fromkeys([*listener.get("PolicyNames", ()), *named.get(port, ())]))
        for listener in properties["Listeners"]
        for port in (whole_number("LoadBalancerPort", listener["LoadBalancerPort"]),)
    }


def _of_ports(properties: Properties, member: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for policy in properties.get("Policies", ()):
        for port in policy.get(member, ()):
            found.setdefault(whole_number(member, port), []).append(policy["PolicyName"])
    return found


def _create(elb: Api, model: Any, kind: str, policy: Mapping[str, Any]) -> None:
    named = {"LoadBalancerName": model.name, "PolicyName": policy["PolicyName"]}
    if kind == "AppCookieStickinessPolicy":
        elb.create_app_cookie_stickiness_policy(**named, CookieName=policy["CookieName"])
    elif kind == "LBCookieStickinessPolicy":
        period = policy.get("CookieExpirationPeriod")
        seconds = {"CookieExpirationPeriod": whole_number("CookieExpirationPeriod", period)}
        elb.create_lb_cookie_stickiness_policy(**named, **(seconds if period else {}))
    else:
        elb.create_load_balancer_policy(
            **named,
            PolicyTypeName=policy["PolicyType"],
            PolicyAttributes=[
                {"AttributeName": each["Name"], "AttributeValue": str(each["Value"])}
                for each in policy.get("Attributes", ())
            ],
        )


def _enable_for_listener(elb: Api, model: Any, port: int, names: list[str]) -> None:
    elb.set_load_balancer_policies_of_listener(
        LoadBalancerName=model.name, LoadBalancerPort=port, PolicyNames=names
    )


def _enable_for_instances(elb: Api, model: Any, port: int, names: list[str]) -> None:
    elb.set_load_balancer_policies_for_backend_server(
        LoadBalancerName=model.name, InstancePort=port, PolicyNames=names
    )
