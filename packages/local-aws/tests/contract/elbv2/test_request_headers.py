"""What becomes of a request's headers on their way to the target, by the attributes.

All of it: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from certificates import pair, trusting
from live_balancer import LiveBalancer, fixed, forward
from load_balancing_world import Target

Seen = Callable[..., dict[str, str]]


@pytest.fixture
def seen(balancer: LiveBalancer, unique_name: str, target: Target) -> Seen:
    """What the target sees of a request, by names in small letters, with these attributes set."""
    group = balancer.target_group(unique_name, target)
    balancer.listen(80, forward(group), Protocol="HTTP")
    balancer.await_state(group, target, "healthy")

    def ask(attributes: dict[str, str], headers: dict[str, str], **how: Any) -> dict[str, str]:
        balancer.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=balancer.arn,
            Attributes=[
                {"Key": f"routing.http.{name}", "Value": value}
                for name, value in attributes.items()
            ],
        )
        balancer.carry_out()
        reply = balancer.get("/seen", headers, **how)
        assert reply.status == 200
        requests = [request for request in target.requests if request[1] == "/seen"]
        return {name.lower(): value for name, value in requests[-1][2].items()}

    return ask


@pytest.mark.parametrize(
    ("mode", "sent", "arrives"),
    [
        ("append", "9.9.9.9", "9.9.9.9, 127.0.0.1"),
        ("append", "9.9.9.9, 8.8.8.8", "9.9.9.9, 8.8.8.8, 127.0.0.1"),
        ("append", None, "127.0.0.1"),
        ("preserve", "9.9.9.9", "9.9.9.9"),
        ("preserve", None, None),
        ("remove", "9.9.9.9", None),
        ("remove", None, None),
    ],
)
def test_the_clients_address_is_appended_preserved_or_removed(
    seen: Seen, mode: str, sent: str | None, arrives: str | None
) -> None:
    """routing.http.xff_header_processing.mode."""
    headers = {"X-Forwarded-For": sent} if sent else {}
    found = seen({"xff_header_processing.mode": mode}, headers)
    assert found.get("x-forwarded-for") == arrives
    assert (found["x-forwarded-proto"], found["x-forwarded-port"]) == ("http", "80")


def test_the_clients_port_is_added_where_enabled(seen: Seen) -> None:
    """routing.http.xff_client_port.enabled."""
    found = seen({"xff_client_port.enabled": "true"}, {"X-Forwarded-For": "9.9.9.9"})
    assert re.fullmatch(r"9\.9\.9\.9, 127\.0\.0\.1:\d+", found["x-forwarded-for"])


@pytest.mark.parametrize(("enabled", "arrive"), [("false", True), ("true", False)])
def test_invalid_header_names_are_dropped_where_enabled(
    seen: Seen, enabled: str, arrive: bool
) -> None:
    """routing.http.drop_invalid_header_fields.enabled: letters, digits and hyphens are valid."""
    sent = {"bad_name": "1", "bad.name": "2", "Good-Name-3": "3"}
    found = seen({"drop_invalid_header_fields.enabled": enabled}, sent)
    assert found["good-name-3"] == "3"
    assert {"bad_name" in found, "bad.name" in found} == {arrive}
    assert {"host", "x-forwarded-for", "x-amzn-trace-id"} <= found.keys()


def test_the_mode_of_desync_mitigation(balancer: LiveBalancer) -> None:
    """routing.http.desync_mitigation_mode. What each mode refuses:
    tests/unit/load_balancing/test_desync_mitigation.py."""
    body = {"Content-Length": "2"}
    balancer.listen(80, fixed("ok"), Protocol="HTTP")
    for mode, status in (("monitor", 200), ("strictest", 400), ("defensive", 200)):
        attribute = {"Key": "routing.http.desync_mitigation_mode", "Value": mode}
        balancer.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=balancer.arn, Attributes=[attribute]
        )
        balancer.carry_out()
        assert balancer.get(headers=body, body=b"{}").status == status


@pytest.mark.parametrize("enabled", ["false", "true"])
def test_the_tls_version_and_cipher_suite_reach_targets_where_enabled(
    seen: Seen, balancer: LiveBalancer, aws: Any, unique_name: str, enabled: str
) -> None:
    """routing.http.x_amzn_tls_version_and_cipher_suite.enabled; in OpenSSL's words."""
    brought = pair("shop.example")
    [group] = balancer.elbv2.describe_target_groups(Names=[unique_name])["TargetGroups"]
    certificates = [{"CertificateArn": brought.imported(aws("acm"))}]
    action = forward(group["TargetGroupArn"])
    balancer.listen(443, action, Protocol="HTTPS", Certificates=certificates)

    attributes = {"x_amzn_tls_version_and_cipher_suite.enabled": enabled}
    plain = seen(attributes, {})
    secure = seen(attributes, {}, port=443, tls=trusting(brought.authority))

    names = ("x-amzn-tls-version", "x-amzn-tls-cipher-suite")
    assert not plain.keys() & set(names)
    if enabled == "true":
        assert [secure[name] for name in names] == ["TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"]
    else:
        assert not secure.keys() & set(names)
