"""Instances and load balancer together, reconciled in the order the daemon does it."""

from __future__ import annotations

import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from load_balancing_world import health_check, instance, load_balancer, target_group

from local_aws.compute.fleet import Compute
from local_aws.contract.desired_state import DesiredState
from local_aws.host import ports
from local_aws.load_balancing.controller import LoadBalancing
from local_aws.metadata.service import MetadataService

# Ends at SIGTERM as a good server does: no new connection, open requests are answered.
SERVER = """
import http.server, os, signal, sys, threading

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = os.environ["PORT"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 256

server = Server((os.environ["LISTEN_ADDRESS"], int(os.environ["PORT"])), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever(poll_interval=0.01)
server.server_close()
"""


class DataPlane:
    def __init__(self, directory: Path) -> None:
        self.port = ports.free_port()
        self.metadata = MetadataService(lambda _: None)
        image = [sys.executable, "-c", SERVER]
        self.compute = Compute(directory, "http://127.0.0.1:1", self.metadata, image)
        self.load_balancing = LoadBalancing(directory)
        self.desired = DesiredState()

    def want(self, instances: list[int], registered: list[int]) -> None:
        self.desired = DesiredState(
            tuple(instance(n) for n in instances),
            (load_balancer(self.port),),
            (target_group(tuple(registered), health_check=health_check(path="/")),),
        )
        self.reconcile()

    def reconcile(self) -> None:
        self.load_balancing.reconcile(self.desired, self.compute.addresses())
        self.compute.reconcile(self.desired.instances)

    def states(self) -> dict[int, str]:
        health = self.load_balancing.target_health()
        return {int(target[2:]): value.state for (_, target, _), value in health.items()}

    def await_states(self, **expected: str) -> None:
        wanted = {int(name[1:]): state for name, state in expected.items()}
        wait_for(lambda: self.reconcile() or wanted.items() <= self.states().items())

    def get(self) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def stop(self) -> None:
        self.load_balancing.stop()
        self.compute.power_off()
        self.metadata.stop()


def wait_for(condition: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"not true within {seconds} s")


@pytest.fixture
def data_plane(tmp_path: Path) -> Iterator[DataPlane]:
    data_plane = DataPlane(tmp_path)
    data_plane.want([0, 1, 2], [0, 1, 2])
    data_plane.await_states(i0="healthy", i1="healthy", i2="healthy")
    yield data_plane
    data_plane.stop()


def test_replacing_every_instance_under_load_fails_no_request(data_plane: DataPlane) -> None:
    answers: list[tuple[int, bytes]] = []
    stopping = threading.Event()

    def ask() -> None:
        while not stopping.is_set():
            answers.append(data_plane.get())

    def bodies() -> set[bytes]:
        return {body for _, body in list(answers)}

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        fleet = [0, 1, 2]
        for new in (3, 4, 5):
            data_plane.want([*fleet, new], [*fleet, new])
            data_plane.await_states(**{f"i{new}": "healthy"})
            wait_for(lambda: len(bodies()) > new)  # noqa: B023 - called at once
            # Deregistered and terminated in one step: the load balancer must come first.
            fleet = [*fleet[1:], new]
            data_plane.want(fleet, fleet)
    finally:
        stopping.set()
        for client in clients:
            client.join()
    assert {status for status, _ in answers} == {200}
    assert len(bodies()) == 6


def test_terminated_instance_that_is_still_registered_gets_nothing(data_plane: DataPlane) -> None:
    data_plane.want([1, 2], [0, 1, 2])
    assert {data_plane.get()[0] for _ in range(20)} == {200}
    assert data_plane.states()[0] == "initial"


def test_killed_instance_costs_requests_only_until_it_is_out_and_comes_back(
    data_plane: DataPlane,
) -> None:
    os.kill(data_plane.compute.facts()["i-0"].pid, signal.SIGKILL)
    data_plane.await_states(i0="unhealthy")
    assert {data_plane.get()[0] for _ in range(20)} == {200}
    data_plane.await_states(i0="healthy")
