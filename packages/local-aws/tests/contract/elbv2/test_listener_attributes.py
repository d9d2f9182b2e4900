"""What a listener's attributes do to headers.

All of it:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from certificates import pair, trusting
from live_balancer import LiveBalancer, forward
from load_balancing_world import Target
from stack_driver import StackDriver

Settings = dict[str, str]
Modify = Callable[[str, Settings], dict[str, str]]

_FIXED = {
    "Type": "fixed-response",
    "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "no"},
}
_REDIRECT = {
    "Type": "redirect",
    "RedirectConfig": {"StatusCode": "HTTP_301", "Path": "/elsewhere"},
}
_RESPONSE = "routing.http.response"
_REQUEST = "routing.http.request"


@pytest.fixture
def modify(balancer: LiveBalancer) -> Modify:
    """Sets attributes of a listener, by its ARN; returns all that it has then."""

    def modified(listener: str, wanted: Settings) -> dict[str, str]:
        answer = balancer.elbv2.modify_listener_attributes(
            ListenerArn=listener,
            Attributes=[{"Key": name, "Value": value} for name, value in wanted.items()],
        )
        balancer.carry_out()
        return {each["Key"]: each["Value"] for each in answer["Attributes"]}

    return modified


def attributes_of(balancer: LiveBalancer, listener: str) -> dict[str, str]:
    answer = balancer.elbv2.describe_listener_attributes(ListenerArn=listener)
    return {each["Key"]: each["Value"] for each in answer["Attributes"]}


def test_a_new_listener_changes_no_header(balancer: LiveBalancer) -> None:
    """API_ListenerAttribute: only an HTTPS listener has names of TLS headers."""
    listener = balancer.listen(80, _FIXED, Protocol="HTTP")
    attributes = attributes_of(balancer, listener)
    assert attributes.pop(f"{_RESPONSE}.server.enabled") == "true"
    assert len(attributes) == 10
    assert all(name.endswith(".header_value") for name in attributes)
    assert set(attributes.values()) == {""}
    assert balancer.get().headers["server"] == "awselb/2.0"


@pytest.mark.parametrize(
    ("action", "status"), [(_FIXED, 404), (_REDIRECT, 301), ("forward", 200), ("nowhere", 503)]
)
def test_headers_are_added_to_each_response(
    balancer: LiveBalancer,
    modify: Modify,
    target: Target,
    unique_name: str,
    action: Any,
    status: int,
) -> None:
    """Those of a target and those of the load balancer itself, errors too."""
    if action in ("forward", "nowhere"):
        group = balancer.target_group(unique_name, *([target] if action == "forward" else []))
        listener = balancer.listen(80, forward(group), Protocol="HTTP")
        if action == "forward":
            balancer.await_state(group, target, "healthy")
    else:
        listener = balancer.listen(80, action, Protocol="HTTP")
    modify(
        listener,
        {
            f"{_RESPONSE}.strict_transport_security.header_value": "max-age=31536000; preload",
            f"{_RESPONSE}.content_security_policy.header_value": "default-src 'self' 100% %2F",
            f"{_RESPONSE}.x_frame_options.header_value": "DENY",
        },
    )
    reply = balancer.get("/")
    assert reply.status == status
    assert reply.headers["strict-transport-security"] == "max-age=31536000; preload"
    assert reply.headers["content-security-policy"] == "default-src 'self' 100% %2F"
    assert reply.headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in reply.headers

    modify(listener, {f"{_RESPONSE}.x_frame_options.header_value": ""})
    assert "x-frame-options" not in balancer.get("/").headers


@pytest.mark.parametrize("action", [_FIXED, _REDIRECT], ids=["fixed", "redirect"])
def test_the_server_header_can_be_left_out(
    balancer: LiveBalancer, modify: Modify, action: dict[str, Any]
) -> None:
    """routing.http.response.server.enabled."""
    listener = balancer.listen(80, action, Protocol="HTTP")
    assert balancer.get("/").headers["server"] == "awselb/2.0"
    modify(listener, {f"{_RESPONSE}.server.enabled": "false"})
    assert "server" not in balancer.get("/").headers
    assert attributes_of(balancer, listener)[f"{_RESPONSE}.server.enabled"] == "false"


def test_the_tls_headers_can_have_other_names(
    balancer: LiveBalancer, modify: Modify, target: Target, unique_name: str, aws: Any
) -> None:
    """An HTTPS listener's x_amzn_tls_version and x_amzn_tls_cipher_suite."""
    brought = pair("shop.example")
    group = balancer.target_group(unique_name, target)
    certificates = [{"CertificateArn": brought.imported(aws("acm"))}]
    listener = balancer.listen(443, forward(group), Protocol="HTTPS", Certificates=certificates)
    balancer.await_state(group, target, "healthy")
    balancer.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=balancer.arn,
        Attributes=[
            {
                "Key": "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
                "Value": "true",
            }
        ],
    )
    names = attributes_of(balancer, listener)
    assert names[f"{_REQUEST}.x_amzn_tls_version.header_name"] == "X-Amzn-Tls-Version"
    modify(listener, {f"{_REQUEST}.x_amzn_tls_version.header_name": "Custom-Tls_Version"})

    assert balancer.get("/seen", port=443, tls=trusting(brought.authority)).status == 200
    [seen] = [request for request in target.requests if request[1] == "/seen"]
    headers = {name.lower(): value for name, value in seen[2].items()}
    assert headers["custom-tls_version"] == "TLSv1.2"
    assert headers["x-amzn-tls-cipher-suite"] == "ECDHE-ECDSA-AES128-GCM-SHA256"
    assert "x-amzn-tls-version" not in headers


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (f"{_RESPONSE}.server.enabled", "perhaps", "must be true or false"),
        (f"{_RESPONSE}.x_frame_options.header_value", "DENY\r\nX: y", "must satisfy"),
        (f"{_RESPONSE}.x_frame_options.header_value", "x" * 1025, "length less than"),
        (f"{_REQUEST}.x_amzn_tls_version.header_name", "Other", "only supported by listeners for"),
        ("tcp.idle_timeout.seconds", "60", "not recognized"),
        ("routing.http.response.x.header_value", "60", "not recognized"),
    ],
)
def test_what_a_listener_cannot_have_is_refused(
    balancer: LiveBalancer, modify: Modify, name: str, value: str, said: str
) -> None:
    """API_ListenerAttribute; nothing of the request is done."""
    listener = balancer.listen(80, _FIXED, Protocol="HTTP")
    before = attributes_of(balancer, listener)
    with pytest.raises(ClientError, match=said):
        modify(
            listener, {f"{_RESPONSE}.x_content_type_options.header_value": "nosniff", name: value}
        )
    assert attributes_of(balancer, listener) == before


def test_a_stack_sets_and_changes_them(
    stacks: StackDriver, aws: Any, unique_name: str, subnets: dict[str, str]
) -> None:
    """AWS::ElasticLoadBalancingV2::Listener: ListenerAttributes changes without interruption."""
    name = f"{_RESPONSE}.x_frame_options.header_value"

    def template(value: str) -> dict[str, Any]:
        return {
            "Balancer": {
                "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "Properties": {"Subnets": list(subnets.values())},
            },
            "Listener": {
                "Type": "AWS::ElasticLoadBalancingV2::Listener",
                "Properties": {
                    "LoadBalancerArn": {"Ref": "Balancer"},
                    "Port": 80,
                    "Protocol": "HTTP",
                    "DefaultActions": [_FIXED],
                    "ListenerAttributes": [{"Key": name, "Value": value}],
                },
            },
        }

    def shown() -> str:
        listener = stacks.physical_id(unique_name, "Listener")
        answer = aws("elbv2").describe_listener_attributes(ListenerArn=listener)
        return {each["Key"]: str(each["Value"]) for each in answer["Attributes"]}[name]

    stacks.create(unique_name, template("DENY"))
    assert shown() == "DENY"
    stacks.update(unique_name, template("SAMEORIGIN"))
    assert shown() == "SAMEORIGIN"
