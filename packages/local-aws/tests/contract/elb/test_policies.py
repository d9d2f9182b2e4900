"""Policies of Classic Load Balancers: what one shows, and where it may be enabled."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_PROXY = {
    "PolicyName": "proxy",
    "PolicyTypeName": "ProxyProtocolPolicyType",
    "PolicyAttributes": [{"AttributeName": "ProxyProtocol", "AttributeValue": "true"}],
}
_APP_COOKIE = {"PolicyName": "app", "CookieName": "session"}


def test_policies_have_the_types_and_attributes_they_were_created_with(
    aws: Any, classic: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeLoadBalancerPolicies.html"""
    _create_all(aws, classic)

    found = aws("elb").describe_load_balancer_policies(LoadBalancerName=classic)
    assert found["PolicyDescriptions"] == [
        _shown("proxy", "ProxyProtocolPolicyType", ProxyProtocol="true"),
        _shown("app", "AppCookieStickinessPolicyType", CookieName="session"),
        _shown("lasting", "LBCookieStickinessPolicyType", CookieExpirationPeriod="60"),
    ]
    assert _described(aws, classic)["Policies"] == {
        "AppCookieStickinessPolicies": [_APP_COOKIE],
        "LBCookieStickinessPolicies": [{"PolicyName": "lasting", "CookieExpirationPeriod": 60}],
        "OtherPolicies": ["proxy"],
    }


def test_stickiness_without_a_period_lasts_for_the_browsers_session(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLBCookieStickinessPolicy.html:
    "the default value is 0"."""
    aws("elb").create_lb_cookie_stickiness_policy(LoadBalancerName=classic, PolicyName="browser")
    shown = _described(aws, classic)["Policies"]["LBCookieStickinessPolicies"]
    assert shown == [{"PolicyName": "browser", "CookieExpirationPeriod": 0}]
    found = aws("elb").describe_load_balancer_policies(LoadBalancerName=classic)
    assert found["PolicyDescriptions"] == [
        _shown("browser", "LBCookieStickinessPolicyType", CookieExpirationPeriod="0")
    ]


def test_an_instance_port_of_a_later_listener_has_policies(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SetLoadBalancerPoliciesForBackendServer.html"""
    elb, later = aws("elb"), {"Protocol": "TCP", "LoadBalancerPort": 81, "InstancePort": 8181}
    _create_all(aws, classic)
    elb.create_load_balancer_listeners(LoadBalancerName=classic, Listeners=[later])
    port = {"LoadBalancerName": classic, "InstancePort": 8181}

    elb.set_load_balancer_policies_for_backend_server(**port, PolicyNames=["proxy"])
    assert _described(aws, classic)["BackendServerDescriptions"] == [
        {"InstancePort": 8181, "PolicyNames": ["proxy"]}
    ]
    elb.set_load_balancer_policies_for_backend_server(**port, PolicyNames=[])
    assert _described(aws, classic)["BackendServerDescriptions"] == []


def test_a_policy_that_is_enabled_is_not_deleted(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DeleteLoadBalancerPolicy.html"""
    elb = aws("elb")
    _create_all(aws, classic)
    listener = {"LoadBalancerName": classic, "LoadBalancerPort": 80}
    app = {"LoadBalancerName": classic, "PolicyName": "app"}

    elb.set_load_balancer_policies_of_listener(**listener, PolicyNames=["app"])
    refused = refusal_of(elb.delete_load_balancer_policy, **app)
    assert refused[:2] == (409, "InvalidConfigurationRequest")
    elb.set_load_balancer_policies_of_listener(**listener, PolicyNames=[])
    elb.delete_load_balancer_policy(**app)
    assert _described(aws, classic)["Policies"]["AppCookieStickinessPolicies"] == []


@pytest.mark.parametrize(
    ("call", "given", "code"),
    [
        ("create_load_balancer_policy", _PROXY, "DuplicatePolicyName"),
        ("create_app_cookie_stickiness_policy", _APP_COOKIE, "DuplicatePolicyName"),
        (
            "create_load_balancer_policy",
            {"PolicyName": "p", "PolicyTypeName": "t"},
            "PolicyTypeNotFound",
        ),
        ("describe_load_balancer_policies", {"PolicyNames": ["missing"]}, "PolicyNotFound"),
        (
            "set_load_balancer_policies_of_listener",
            {"LoadBalancerPort": 80, "PolicyNames": ["missing"]},
            "PolicyNotFound",
        ),
        (
            "set_load_balancer_policies_of_listener",
            {"LoadBalancerPort": 82, "PolicyNames": []},
            "ListenerNotFound",
        ),
        (
            "set_load_balancer_policies_of_listener",
            {"LoadBalancerPort": 80, "PolicyNames": ["proxy"]},
            "InvalidConfigurationRequest",
        ),
        (
            "set_load_balancer_policies_of_listener",
            {"LoadBalancerPort": 81, "PolicyNames": ["app"]},
            "InvalidConfigurationRequest",
        ),
        (
            "set_load_balancer_policies_for_backend_server",
            {"InstancePort": 8080, "PolicyNames": ["app"]},
            "InvalidConfigurationRequest",
        ),
        (
            "set_load_balancer_policies_for_backend_server",
            {"InstancePort": 8082, "PolicyNames": ["proxy"]},
            "InvalidConfigurationRequest",
        ),
    ],
)
def test_policies_that_cannot_be(
    aws: Any, classic: str, call: str, given: dict[str, Any], code: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SetLoadBalancerPoliciesOfListener.html"""
    tcp = {"Protocol": "TCP", "LoadBalancerPort": 81, "InstancePort": 8080}
    _create_all(aws, classic)
    aws("elb").create_load_balancer_listeners(LoadBalancerName=classic, Listeners=[tcp])
    before = _described(aws, classic)

    refused = refusal_of(getattr(aws("elb"), call), LoadBalancerName=classic, **given)
    assert refused[:2] == (409 if code == "InvalidConfigurationRequest" else 400, code)
    assert _described(aws, classic) == before


def _create_all(aws: Any, name: str) -> None:
    elb = aws("elb")
    elb.create_load_balancer_policy(LoadBalancerName=name, **_PROXY)
    elb.create_app_cookie_stickiness_policy(LoadBalancerName=name, **_APP_COOKIE)
    elb.create_lb_cookie_stickiness_policy(
        LoadBalancerName=name, PolicyName="lasting", CookieExpirationPeriod=60
    )


def _shown(name: str, kind: str, **attributes: str) -> dict[str, Any]:
    described = [{"AttributeName": key, "AttributeValue": attributes[key]} for key in attributes]
    return {
        "PolicyName": name,
        "PolicyTypeName": kind,
        "PolicyAttributeDescriptions": described,
    }


def _described(aws: Any, name: str) -> dict[str, Any]:
    found = aws("elb").describe_load_balancers(LoadBalancerNames=[name])
    [shown] = found["LoadBalancerDescriptions"]
    return dict(shown)
