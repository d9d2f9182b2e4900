"""The web server alone, and three of them behind a load balancer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from load_balancing_world import health_check, instance, load_balancer, target_group
from server_process import Server, Stub, aws_stub, wait_until

from local_aws.contract.desired_state import DesiredState
from local_aws.host.ports import free_port
from local_aws.load_balancing.controller import LoadBalancing


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with aws_stub() as running:
        yield running


@pytest.fixture(scope="module")
def server(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environment = stub.environment() | {"RECOMMENDATION_ITEM_CACHE_SECONDS": "0"}
    with Server(tmp_path_factory.mktemp("server"), environment) as running:
        yield running


class Service:
    """Three servers behind a real load balancer that checks their health once a second."""

    def __init__(self, servers: list[Server], state_directory: Path) -> None:
        self.servers = servers
        self.port = free_port()
        self._balancing = LoadBalancing(state_directory)
        check = health_check(
            path="/healthcheck?depth=shallow", interval_seconds=1, timeout_seconds=1
        )
        numbers = range(len(servers))
        self._balancing.reconcile(
            DesiredState(
                tuple(instance(number) for number in numbers),
                (load_balancer(self.port),),
                (target_group(tuple(numbers), health_check=check),),
            ),
            {f"i-{number}": ("127.0.0.1", servers[number].port) for number in numbers},
        )

    def states(self) -> set[str]:
        return {health.state for health in self._balancing.target_health().values()}

    def stop(self) -> None:
        self._balancing.stop()


@pytest.fixture(scope="module")
def service(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with contextlib.ExitStack() as running:
        servers = [
            running.enter_context(Server(tmp_path_factory.mktemp("server"), stub.environment()))
            for _ in range(3)
        ]
        balanced = Service(servers, tmp_path_factory.mktemp("load_balancing"))
        running.callback(balanced.stop)
        wait_until(lambda: balanced.states() == {"healthy"}, 10)
        yield balanced
