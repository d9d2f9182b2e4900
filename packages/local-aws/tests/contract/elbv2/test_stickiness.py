"""Sticky sessions as the API sets them, with requests through the load balancer.

What the load balancer does with cookies in detail: tests/unit/load_balancing/test_stickiness.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import certificates
import pytest
from botocore.exceptions import ClientError
from live_balancer import LiveBalancer, forward
from load_balancing_world import Target

REQUESTS = 24  # the chance that three targets serve them all from one at random is 1 in 10^11


@pytest.fixture
def targets() -> Iterator[list[Target]]:
    servers = [Target() for _ in range(3)]
    yield servers
    for server in servers:
        server.close()


@pytest.fixture
def group(balancer: LiveBalancer, unique_name: str, targets: list[Target]) -> str:
    """The ARN of a target group of three healthy targets behind a listener."""
    arn = balancer.target_group(unique_name, *targets)
    balancer.listen(80, forward(arn), Protocol="HTTP")
    for target in targets:
        balancer.await_state(arn, target, "healthy")
    return arn


def set_attributes(balancer: LiveBalancer, group: str, **attributes: str) -> None:
    """`lb_cookie__duration_seconds` stands for "stickiness.lb_cookie.duration_seconds"."""
    balancer.elbv2.modify_target_group_attributes(
        TargetGroupArn=group,
        Attributes=[
            {"Key": f"stickiness.{name.replace('__', '.')}", "Value": value}
            for name, value in attributes.items()
        ],
    )
    balancer.carry_out()


def attributes_of(balancer: LiveBalancer, group: str) -> dict[str, str]:
    found = balancer.elbv2.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    return {each["Key"]: each["Value"] for each in found}


def served(balancer: LiveBalancer, cookies: dict[str, str]) -> set[bytes]:
    """The targets that answer a client; `cookies` are those it has, and gets."""
    answers = set()
    for _ in range(REQUESTS):
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        reply = balancer.get(headers={"Cookie": sent})
        assert reply.status == 200
        answers.add(reply.body)
        for header in reply.cookies:
            cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    return answers


def test_duration_based(balancer: LiveBalancer, group: str, targets: list[Target]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html:
    by the load balancer's cookie; a session whose target becomes unhealthy goes to another one,
    and stays there."""
    assert len(served(balancer, {})) == 3
    set_attributes(balancer, group, enabled="true", type="lb_cookie")
    cookies: dict[str, str] = {}
    [answer] = served(balancer, cookies)
    assert set(cookies) == {"AWSALB", "AWSALBCORS"}

    mine = next(each for each in targets if str(each.address[1]).encode() == answer)
    mine.health_status = 503
    balancer.await_state(group, mine, "unhealthy")
    [other] = served(balancer, cookies)
    assert other != answer
    mine.health_status = 200
    balancer.await_state(group, mine, "healthy")
    assert served(balancer, cookies) == {other}

    set_attributes(balancer, group, enabled="false")
    assert len(served(balancer, cookies)) == 3


def test_the_session_ends_with_a_deregistered_target(
    balancer: LiveBalancer, group: str, targets: list[Target]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html:
    a deregistered target gets no new request."""
    set_attributes(balancer, group, enabled="true")
    cookies: dict[str, str] = {}
    [answer] = served(balancer, cookies)
    host, port = next(t.address for t in targets if str(t.address[1]).encode() == answer)
    balancer.elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": host, "Port": port}])
    balancer.carry_out()
    [other] = served(balancer, cookies)
    assert other != answer


def test_a_session_when_all_targets_are_unhealthy(
    balancer: LiveBalancer, group: str, targets: list[Target]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html:
    requests go to all targets then, with cookies or without."""
    set_attributes(balancer, group, enabled="true")
    cookies: dict[str, str] = {}
    served(balancer, cookies)
    for target in targets:
        target.health_status = 500
    for target in targets:
        balancer.await_state(group, target, "unhealthy")
    assert served(balancer, cookies)
    assert len(served(balancer, {})) >= 1


@pytest.mark.parametrize(
    ("protocol", "attributes"), [("HTTP", ""), ("HTTPS", "Secure")], ids=["HTTP", "HTTPS"]
)
def test_the_cookies(
    aws: Any, balancer: LiveBalancer, group: str, protocol: str, attributes: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html:
    AWSALBCORS has SameSite=None, and the same value; the form is what ALBs send."""
    set_attributes(balancer, group, enabled="true", lb_cookie__duration_seconds="604800")
    if protocol == "HTTPS":
        arn = certificates.pair("shop.example").imported(aws("acm"))
        balancer.listen(
            443, forward(group), Protocol="HTTPS", Certificates=[{"CertificateArn": arn}]
        )
        reply = balancer.get(port=443, tls=certificates.trusting(verify=False))
    else:
        reply = balancer.get()
    plain, cross_site = (header.split("; ") for header in reply.cookies)
    assert [part.partition("=")[0] for part in plain] == ["AWSALB", "Expires", "Path"]
    assert cross_site[0] == plain[0].replace("AWSALB=", "AWSALBCORS=")
    assert cross_site[1:] == [*plain[1:], "SameSite=None", *([attributes] if attributes else [])]


def test_application_based(balancer: LiveBalancer, group: str, targets: list[Target]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html:
    once a target sets the application's cookie, and as long as the client has both."""

    def answer(handler: Any) -> None:
        body = str(handler.server.server_address[1]).encode()
        handler.send_response_only(200)
        if "SESSION" not in (handler.headers["Cookie"] or ""):
            handler.send_header("Set-Cookie", "SESSION=1; Path=/")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    set_attributes(
        balancer,
        group,
        enabled="true",
        type="app_cookie",
        app_cookie__cookie_name="SESSION",
        app_cookie__duration_seconds="60",
    )
    assert len(served(balancer, {})) == 3
    for target in targets:
        target.answer = answer
    cookies: dict[str, str] = {}
    assert len(served(balancer, cookies)) == 1
    assert set(cookies) == {"SESSION", "AWSALBAPP-0"}


def test_target_group_stickiness(
    balancer: LiveBalancer, unique_name: str, group: str, targets: list[Target]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html:
    the cookie AWSALBTG names the target group. Without stickiness a client sees them all."""
    second = balancer.target_group(f"{unique_name}-b", targets[0])
    [listener] = balancer.elbv2.describe_listeners(LoadBalancerArn=balancer.arn)["Listeners"]
    balancer.elbv2.deregister_targets(
        TargetGroupArn=group,
        Targets=[dict(zip(("Id", "Port"), targets[0].address, strict=True))],
    )
    two = forward(group, second, sticky_seconds=3600)
    changed = balancer.elbv2.modify_listener(
        ListenerArn=listener["ListenerArn"], DefaultActions=[two]
    )["Listeners"][0]["DefaultActions"][0]
    assert changed["ForwardConfig"]["TargetGroupStickinessConfig"] == {
        "Enabled": True,
        "DurationSeconds": 3600,
    }
    balancer.await_state(second, targets[0], "healthy")
    ports = [str(target.address[1]).encode() for target in targets]
    seen = set()
    while len(seen) < 2:  # each client is in either group at random
        cookies: dict[str, str] = {}
        answers = served(balancer, cookies)
        assert set(cookies) == {"AWSALBTG", "AWSALBTGCORS"}
        assert answers in ({ports[0]}, {ports[1], ports[2]})
        seen.add(frozenset(answers))

    balancer.elbv2.modify_listener(
        ListenerArn=listener["ListenerArn"], DefaultActions=[forward(group, second)]
    )
    balancer.carry_out()
    assert served(balancer, {}) == set(ports)


def test_the_attributes_and_their_defaults(balancer: LiveBalancer, group: str) -> None:
    """API_TargetGroupAttribute."""
    found = attributes_of(balancer, group)
    assert {name: value for name, value in found.items() if name.startswith("stickiness")} == {
        "stickiness.enabled": "false",
        "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": "86400",
        "stickiness.app_cookie.cookie_name": "",
        "stickiness.app_cookie.duration_seconds": "86400",
    }
    set_attributes(balancer, group, enabled="true", lb_cookie__duration_seconds="7")
    found = attributes_of(balancer, group)
    assert found["stickiness.enabled"] == "true"
    assert found["stickiness.lb_cookie.duration_seconds"] == "7"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"enabled": "yes"}, "'stickiness.enabled' must be one of"),
        ({"lb_cookie__duration_seconds": "0"}, "value '0' is not valid"),
        ({"lb_cookie__duration_seconds": "604801"}, "value '604801' is not valid"),
        ({"app_cookie__duration_seconds": "x"}, "value 'x' is not valid"),
        ({"type": "source_ip"}, "'source_ip' is not supported for target groups with the HTTP"),
        ({"type": "cookie"}, "must be one of"),
        ({"type": "app_cookie"}, "You must set an application cookie name"),
        ({"type": "app_cookie", "app_cookie__cookie_name": "AWSALB"}, "reserved"),
        ({"type": "app_cookie", "app_cookie__cookie_name": "AWSALBTG2"}, "reserved"),
        ({"type": "app_cookie", "app_cookie__cookie_name": "a b"}, "is not valid"),
    ],
)
def test_attributes_that_cannot_be(
    balancer: LiveBalancer, group: str, attributes: dict[str, str], message: str
) -> None:
    """API_TargetGroupAttribute: 1 second to 7 days; cookie names that AWS keeps for itself."""
    before = attributes_of(balancer, group)
    with pytest.raises(ClientError) as refused:
        set_attributes(balancer, group, enabled=attributes.pop("enabled", "true"), **attributes)
    assert message in refused.value.response["Error"]["Message"]
    assert attributes_of(balancer, group) == before


@pytest.mark.parametrize(
    ("stickiness", "message"),
    [
        ({"Enabled": True}, "A duration must be specified"),
        ({"Enabled": True, "DurationSeconds": 0}, "greater than or equal to 1"),
        ({"Enabled": True, "DurationSeconds": 604_801}, "less than or equal to 604800"),
    ],
)
def test_target_group_stickiness_that_cannot_be(
    balancer: LiveBalancer, group: str, stickiness: dict[str, Any], message: str
) -> None:
    """API_TargetGroupStickinessConfig: 1 second to 7 days, to be given with it."""
    action = forward(group)
    action["ForwardConfig"]["TargetGroupStickinessConfig"] = stickiness
    with pytest.raises(ClientError) as refused:
        balancer.listen(81, action, Protocol="HTTP")
    assert message in refused.value.response["Error"]["Message"]
