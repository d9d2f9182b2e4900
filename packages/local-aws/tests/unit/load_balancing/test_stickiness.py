"""Sticky sessions: one target, or one target group, for a client that sends its cookies back."""

from __future__ import annotations

import http.client
from collections import Counter
from dataclasses import replace
from http.cookies import Morsel, SimpleCookie
from http.server import BaseHTTPRequestHandler

import pytest
from load_balancing_world import ARN, GROUP, World, target_group, wait_for

from local_aws.contract.desired_state import Forward, Rule, Stickiness

SECOND = f"{ARN}:targetgroup/second/1"
REQUESTS = 24  # the chance that three targets serve them all from one at random is 1 in 10^11


class Client:
    """A browser's part: it keeps the cookies it gets."""

    def __init__(self, world: World) -> None:
        self._port = world.port
        self.cookies: dict[str, str] = {}
        self.set: dict[str, Morsel[str]] = {}

    def get(self, path: str = "/") -> tuple[int, bytes]:
        """Status and body; `set` holds what the response sets."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request("GET", path, headers={"Cookie": sent} if sent else {})
        response = connection.getresponse()
        body = response.read()
        self.set = {}
        for header in response.headers.get_all("set-cookie", []):
            self.set.update(SimpleCookie(header))
        self.cookies |= {name: morsel.value for name, morsel in self.set.items()}
        internal = [name for name in response.headers if name.lower().startswith("x-local")]
        connection.close()
        assert not internal
        return response.status, body


def served(client: Client, path: str = "/") -> Counter[bytes]:
    """How many requests each target answers."""
    return Counter(client.get(path)[1] for _ in range(REQUESTS))


def stick(world: World, stickiness: Stickiness | None = None) -> None:
    world.register(0, 1, 2, stickiness=stickiness or Stickiness(60))


def name_of(world: World, number: int) -> bytes:
    return str(world.targets[number].address[1]).encode()


def two_groups(world: World, forward: Forward, **changes: object) -> None:
    """A rule for two groups: target 0 in the first, targets 1 and 2 in the second."""
    groups = (
        replace(target_group((0,)), **changes),
        replace(target_group((1, 2)), arn=SECOND, name="second", **changes),
    )
    world.apply(replace(world.desired, target_groups=groups))
    world.with_rules(Rule(1, ("/*",), (), forward))
    health = world.load_balancing.target_health
    wait_for(
        lambda: (
            all(health()[key].state == "healthy" for key in [(SECOND, "i-1", 80)])
            and health()[(SECOND, "i-2", 80)].state == "healthy"
        )
    )


def test_a_client_with_the_cookie_stays_with_its_target(world: World) -> None:
    stick(world)
    assert len({served(Client(world)).most_common(1)[0][0] for _ in range(REQUESTS)}) > 1
    assert len(served(Client(world))) == 1


def test_a_client_without_cookies_is_balanced(world: World) -> None:
    stick(world)
    assert len(Counter(Client(world).get()[1] for _ in range(REQUESTS))) == 3


def test_the_cookies(world: World) -> None:
    stick(world)
    client = Client(world)
    client.get()
    plain, cross_site = client.set["AWSALB"], client.set["AWSALBCORS"]
    assert plain.value == cross_site.value
    assert plain["path"] == cross_site["path"] == "/"
    assert plain["expires"].endswith(" GMT")
    assert (plain["samesite"], cross_site["samesite"]) == ("", "None")
    assert not cross_site["secure"]
    assert not plain["httponly"]
    client.get()
    assert set(client.set) == {"AWSALB", "AWSALBCORS"}  # each response prolongs it


def test_the_cookie_for_other_sites_is_enough(world: World) -> None:
    stick(world)
    client = Client(world)
    client.get()
    only = {"AWSALBCORS": client.cookies["AWSALBCORS"]}
    answers = set()
    for _ in range(REQUESTS):
        client.cookies = dict(only)
        answers.add(client.get()[1])
    assert len(answers) == 1


def test_targets_see_the_cookie_and_nothing_of_ours(world: World) -> None:
    stick(world)
    client = Client(world)
    client.get()
    _, chosen = client.get()
    target = next(t for n, t in enumerate(world.targets) if name_of(world, n) == chosen)
    headers = {name.lower(): value for name, value in target.requests[-1][2].items()}
    assert "AWSALB=" in headers["cookie"]
    assert not [name for name in headers if name.startswith("x-local")]


def test_it_ends_with_its_duration(world: World) -> None:
    stick(world, Stickiness(1))
    client = Client(world)
    client.get()
    cookie = dict(client.cookies)

    def is_balanced() -> bool:
        answers = set()
        for _ in range(REQUESTS):
            client.cookies = dict(cookie)
            answers.add(client.get()[1])
        return len(answers) == 3

    wait_for(is_balanced)


@pytest.mark.parametrize("value", ["", "zz", "a", "00", "31", "39" * 4000, "%0d%0a", '"x"'])
def test_a_cookie_that_is_none_of_ours_is_ignored(world: World, value: str) -> None:
    stick(world)
    client = Client(world)
    client.cookies = {"AWSALB": value}
    assert client.get()[0] == 200
    assert client.cookies["AWSALB"] != value


def test_the_session_moves_when_its_target_is_unhealthy_and_stays_there(world: World) -> None:
    stick(world)
    client = Client(world)
    number = next(n for n in range(3) if name_of(world, n) == client.get()[1])
    world.targets[number].health_status = 500
    world.await_health(number, "unhealthy")
    moved = served(client)
    assert len(moved) == 1
    assert name_of(world, number) not in moved
    world.targets[number].health_status = 200
    world.await_health(number, "healthy")
    assert served(client).keys() == moved.keys()


def test_the_session_moves_when_its_target_is_deregistered(world: World) -> None:
    stick(world)
    client = Client(world)
    number = next(n for n in range(3) if name_of(world, n) == client.get()[1])
    world.register(*({0, 1, 2} - {number}), stickiness=Stickiness(60))
    moved = served(client)
    assert len(moved) == 1
    assert name_of(world, number) not in moved


def test_it_can_be_switched_on_and_off(world: World) -> None:
    client = Client(world)
    assert len(served(client)) == 3
    assert not client.cookies
    stick(world)
    assert len(served(client)) == 1
    world.register(0, 1, 2)
    assert len(served(client)) == 3
    assert world.load_balancing.refusal is None


def test_no_target_no_cookie(world: World) -> None:
    world.register(stickiness=Stickiness(60))
    client = Client(world)
    assert client.get()[0] == 503
    assert not client.set


def _log_in(handler: BaseHTTPRequestHandler) -> None:
    """Sets the application's cookie at /login only."""
    body = str(handler.server.server_address[1]).encode()
    handler.send_response_only(200)
    if handler.path == "/login":
        handler.send_header("Set-Cookie", "other=1")
        handler.send_header("Set-Cookie", "SESSION=abc; HttpOnly")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_the_application_decides_with_its_own_cookie(world: World) -> None:
    for target in world.targets:
        target.answer = _log_in
    stick(world, Stickiness(60, app_cookie="SESSION"))
    client = Client(world)
    assert len(served(client)) == 3
    assert not client.cookies

    _, chosen = client.get("/login")
    assert set(client.set) == {"other", "SESSION", "AWSALBAPP-0"}
    assert set(served(client)) == {chosen}

    del client.cookies["SESSION"]
    assert len(served(client)) == 3


def test_a_client_stays_in_its_target_group(world: World) -> None:
    two_groups(world, Forward(((GROUP, 1), (SECOND, 1)), sticky_seconds=60))
    first = {name_of(world, 0)}
    for _ in range(4):
        client = Client(world)
        _, answer = client.get()
        assert set(client.set) == {"AWSALBTG", "AWSALBTGCORS"}
        others = set(served(client))
        assert others == (first if answer in first else {name_of(world, 1), name_of(world, 2)})


def test_a_group_that_lost_its_weight_keeps_its_clients(world: World) -> None:
    two_groups(world, Forward(((GROUP, 0), (SECOND, 1)), sticky_seconds=60))
    client = Client(world)
    assert client.get()[1] != name_of(world, 0)
    world.with_rules(Rule(1, ("/*",), (), Forward(((GROUP, 1), (SECOND, 0)), sticky_seconds=60)))
    assert name_of(world, 0) not in served(client)
    assert set(served(Client(world))) == {name_of(world, 0)}


def test_both_kinds_together(world: World) -> None:
    forward = Forward(((GROUP, 1), (SECOND, 1)), sticky_seconds=60)
    two_groups(world, forward, stickiness=Stickiness(60))
    for _ in range(6):
        client = Client(world)
        _, answer = client.get()
        assert set(client.set) == {"AWSALB", "AWSALBCORS", "AWSALBTG", "AWSALBTGCORS"}
        assert set(served(client)) == {answer}


def test_weights_hold_with_stickiness(world: World) -> None:
    two_groups(world, Forward(((GROUP, 1), (SECOND, 3))), stickiness=Stickiness(60))
    answers = Counter(Client(world).get()[1] for _ in range(400))
    assert 0.64 < 1 - answers[name_of(world, 0)] / 400 < 0.86
