"""Listener rules: conditions, order, and the actions other than a plain forward."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from load_balancing_world import ARN, GROUP, World, load_balancer, target_group, wait_for

from local_aws.contract.desired_state import (
    FixedResponse,
    Forward,
    HttpHeader,
    Redirect,
    RequestHeaders,
    Rule,
)


def fixed(text: str) -> FixedResponse:
    return FixedResponse(200, "text/plain", text)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/img/*", "/img/", True),
        ("/img/*", "/img/a/b.png?size=1", True),
        ("/img/*", "/IMG/a", False),
        ("/img", "/img/", False),
        ("/a?c", "/abc", True),
        ("/a?c", "/ac", False),
        ("/a.c", "/abc", False),
        ("*.php", "/deep/x.php", True),
    ],
)
def test_path_patterns(world: World, pattern: str, path: str, matches: bool) -> None:
    world.with_rules(Rule(1, (pattern,), (), fixed("rule")))
    assert (world.get(path)[2] == b"rule") is matches


@pytest.mark.parametrize(
    ("pattern", "host", "matches"),
    [
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "A.EXAMPLE.com:8080", True),
        ("*.example.com", "example.com", False),
        ("example.com", "example.community", False),
    ],
)
def test_host_patterns(world: World, pattern: str, host: str, matches: bool) -> None:
    world.with_rules(Rule(1, (), (pattern,), fixed("rule")))
    assert (world.get(headers={"Host": host})[2] == b"rule") is matches


def test_all_conditions_must_hold_and_one_value_of_each(world: World) -> None:
    world.with_rules(Rule(1, ("/a", "/b"), ("one", "two"), fixed("rule")))

    def matches(path: str, host: str) -> bool:
        return world.get(path, {"Host": host})[2] == b"rule"

    assert matches("/b", "two")
    assert not matches("/c", "two")
    assert not matches("/a", "three")


def test_a_header_that_comes_several_times_matches_by_any_of_its_values(world: World) -> None:
    world.with_rules(Rule(1, (), (), fixed("rule"), http_headers=(HttpHeader("X-Kind", ("b",)),)))

    def matches(*headers: str) -> bool:
        return world.answered("GET / HTTP/1.1", "Host: a", *headers).endswith(b"rule")

    assert matches("X-Kind: a", "X-Kind: b")
    assert not matches("X-Kind: a", "X-Kind: c")


def test_no_rule_sees_an_invalid_header_that_is_dropped(world: World) -> None:
    """Condition types for listener rules, "HTTP header conditions"."""
    named = HttpHeader("bad_name", ("*",))
    rules = [Rule(1, (), (), fixed("rule"), http_headers=(named,))]
    for drops_invalid in (False, True):
        headers = RequestHeaders(drops_invalid=drops_invalid)
        balancer = load_balancer(world.port, *rules, request_headers=headers)
        world.apply(replace(world.desired, load_balancers=(balancer,)))
        answer = world.answered("GET / HTTP/1.1", "Host: a", "Bad_Name: 1")
        assert answer.endswith(b"rule") is not drops_invalid


def test_lowest_priority_number_wins_and_default_is_last(world: World) -> None:
    world.with_rules(
        Rule(20, ("/*",), (), fixed("twenty")),
        Rule(3, ("/x",), (), fixed("three")),
    )
    assert world.get("/x")[2] == b"three"
    assert world.get("/y")[2] == b"twenty"


def test_fixed_response(world: World) -> None:
    world.with_rules(Rule(1, ("/*",), (), FixedResponse(418, "application/json", '{"a": 1}')))
    status, headers, body = world.get()
    assert (status, body) == (418, b'{"a": 1}')
    assert headers["content-type"] == "application/json"
    assert headers["server"] == "awselb/2.0"


@pytest.mark.parametrize(
    ("redirect", "location"),
    [
        (
            Redirect("HTTPS", "#{host}", "443", "/#{path}", "#{query}", 301),
            "https://shop.example:443/p/q?z=1",
        ),
        (
            Redirect("#{protocol}", "new.#{host}", "#{port}", "/v2/#{path}", "a=b&#{query}", 302),
            "http://new.shop.example:80/v2/p/q?a=b&z=1",
        ),
        (Redirect("HTTP", "other", "8080", "/", "", 302), "http://other:8080/"),
    ],
)
def test_redirect(world: World, redirect: Redirect, location: str) -> None:
    world.with_rules(Rule(1, ("/*",), (), redirect))
    status, headers, _ = world.get("/p/q?z=1", {"Host": "shop.example:9999"})
    assert (status, headers["location"]) == (redirect.status_code, location)


@pytest.mark.parametrize("host", ["shop.example", "10.0.0.1", "web1", "[::1]"])
@pytest.mark.parametrize("port", ["", ":9999"])
def test_redirect_keeps_the_host_without_its_port(world: World, host: str, port: str) -> None:
    world.with_rules(Rule(1, ("/*",), (), Redirect("HTTPS", "#{host}", "443", "/", "", 301)))
    assert world.get("/", {"Host": host + port})[1]["location"] == f"https://{host}:443/"


def test_redirect_of_a_request_without_query(world: World) -> None:
    everything = Redirect("HTTPS", "#{host}", "443", "/#{path}", "#{query}", 301)
    world.with_rules(Rule(1, ("/*",), (), everything))
    assert world.get("/", {"Host": "a"})[1]["location"] == "https://a:443/"


def test_weighted_forward(world: World) -> None:
    second = f"{ARN}:targetgroup/second/1"
    groups = (
        target_group((0,)),
        replace(target_group((1,)), arn=second, name="second"),
    )
    world.apply(replace(world.desired, target_groups=groups))
    forward = Forward(((GROUP, 1), (second, 3)))
    world.with_rules(Rule(1, ("/*",), (), forward))
    wait_for(lambda: all(world.get()[0] == 200 for _ in range(8)))
    served = Counter(world.get()[2] for _ in range(400))
    names = [str(target.address[1]).encode() for target in world.targets]
    assert served[names[2]] == 0
    assert 0.64 < served[names[1]] / 400 < 0.86


def test_forward_with_all_weights_zero_is_503(world: World) -> None:
    second = f"{ARN}:targetgroup/second/1"
    world.with_rules(Rule(1, ("/*",), (), Forward(((GROUP, 0), (second, 0)))))
    assert world.get()[0] == 503


def test_switch_to_another_target_group_fails_no_request(world: World) -> None:
    """The old group goes in the same step; the new one is in use, and so healthy, already."""
    blue, green = f"{ARN}:targetgroup/blue/1", f"{ARN}:targetgroup/green/2"
    groups = {arn: replace(target_group((0, 1, 2)), arn=arn) for arn in (blue, green)}
    stopping, statuses = threading.Event(), []

    def ask() -> None:
        while not stopping.is_set():
            statuses.append(world.get()[0])

    clients = [threading.Thread(target=ask) for _ in range(3)]
    for live, next_one in [(blue, green), (green, blue)] * 4:
        both = (Rule(1, ("/next",), (), Forward(((next_one, 1),))),)
        key = (next_one, "i-0", 80)
        world.switch(tuple(groups.values()), *both, default=live)
        wait_for(lambda k=key: world.load_balancing.target_health()[k].state == "healthy")
        if not clients[0].ident:
            for client in clients:
                client.start()
        world.switch((groups[next_one],), default=next_one)
    stopping.set()
    for client in clients:
        client.join()
    assert set(statuses) == {200}


def test_changed_rules_fail_no_request(world: World) -> None:
    for number in range(20):
        world.with_rules(Rule(1, ("/other",), (), fixed(str(number))))
        assert world.get()[0] == 200
        assert world.get("/other")[2] == str(number).encode()


def test_patterns_as_long_as_aws_takes_them(world: World) -> None:
    """Quotas: 128 characters a value, 5 values a rule; Envoy bounds its regular expressions."""
    paths = tuple(f"/{i}" + "a?*" * 42 for i in range(5))
    world.with_rules(Rule(1, paths, (), fixed("rule")))
    assert world.get("/4" + "aba" * 42)[2] == b"rule"
    assert world.load_balancing.refusal is None


def test_what_envoy_refuses_is_known_until_it_takes_something(world: World) -> None:
    world.with_rules(Rule(1, ("/a",), (), fixed("rule")))
    world.with_rules(Rule(1, ("/a",), (), FixedResponse(9999, "text/plain", "x")))
    refusal = world.load_balancing.refusal
    assert refusal is not None
    assert "Status" in refusal
    assert "\n" not in refusal
    assert world.get("/a")[2] == b"rule"

    world.with_rules(Rule(1, ("/a",), (), fixed("another")))
    assert world.load_balancing.refusal is None
    assert world.get("/a")[2] == b"another"
