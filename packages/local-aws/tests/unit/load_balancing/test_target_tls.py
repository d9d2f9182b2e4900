"""Target groups with the protocol HTTPS, and health checks by HTTPS.

"Routing configuration" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from certificates import pair, serving
from load_balancing_world import Target, World, health_check


@pytest.fixture
def secure(world: World, tmp_path: Path) -> Iterator[Target]:
    """A target that speaks TLS, in the place of the world's first one."""
    with closing(Target(tls=serving(pair("target.example"), tmp_path))) as target:
        world.targets[0].close()
        world.targets[0] = target
        yield target


def test_requests_and_health_checks_by_tls(world: World, secure: Target) -> None:
    """Nobody vouches for the target's certificate: it is not validated."""
    world.register(0, protocol="HTTPS", health_check=health_check(protocol="HTTPS"))
    world.await_health(0, "healthy")
    assert world.get("/secure")[0] == 200
    assert secure.requests[-1][1] == "/secure"


@pytest.mark.parametrize("protocol", ["HTTP", "HTTPS"])
def test_a_health_check_has_its_own_protocol(world: World, secure: Target, protocol: str) -> None:
    """The target speaks TLS, so that only one of the two finds it healthy."""
    other = {"HTTP": "HTTPS", "HTTPS": "HTTP"}[protocol]
    world.register(0, protocol=protocol, health_check=health_check(protocol=other))
    world.await_health(0, "healthy" if other == "HTTPS" else "unhealthy")
    # The last target that is left gets the request, healthy or not.
    assert world.get()[0] == (200 if protocol == "HTTPS" else 502)
    assert len(secure.requests) == (1 if protocol == "HTTPS" else 0)


def test_502_when_the_handshake_fails(world: World) -> None:
    """HTTP 502: an SSL handshake error when connecting to a target that speaks no TLS."""
    world.register(1, protocol="HTTPS", health_check=health_check(enabled=False))
    status, headers, _ = world.get()
    assert (status, headers["server"]) == (502, "awselb/2.0")
