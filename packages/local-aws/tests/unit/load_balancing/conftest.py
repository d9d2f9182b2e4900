"""A real Envoy, and three healthy targets behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from load_balancing_world import Target, World, instance, load_balancer, serving_targets

from local_aws.contract.desired_state import DesiredState
from local_aws.host import ports
from local_aws.load_balancing.controller import LoadBalancing


@pytest.fixture(scope="module")
def load_balancing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadBalancing]:
    """One Envoy for a test file, in a folder whose name has a space."""
    balancing = LoadBalancing(tmp_path_factory.mktemp("local aws"))
    yield balancing
    balancing.stop()


@pytest.fixture
def targets() -> Iterator[list[Target]]:
    with serving_targets(3) as servers:
        yield servers


@pytest.fixture
def world(load_balancing: LoadBalancing, targets: list[Target]) -> Iterator[World]:
    """The world with all three targets registered and healthy."""
    port = ports.free_port()
    instances = tuple(instance(n) for n in range(3))
    nothing = DesiredState(instances, (load_balancer(port),), ())
    world = World(load_balancing, port, targets, nothing)
    world.register(0, 1, 2)
    for number in range(3):
        world.await_health(number, "healthy")
    yield world
    load_balancing.reconcile(DesiredState(), {})
