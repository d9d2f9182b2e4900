"""Real HTTP targets behind a real load balancer, and short ways to say what is desired."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local_aws.contract import desired_state
from local_aws.contract.desired_state import (
    DesiredState,
    Forward,
    HealthCheck,
    Instance,
    Listener,
    LoadBalancer,
    Rule,
    TargetGroup,
)
from local_aws.contract.facts import TargetHealth
from local_aws.load_balancing.controller import LoadBalancing

ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
GROUP = f"{ARN}:targetgroup/web/50dc6c495c0c9188"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
USER_AGENT = "ELB-HealthChecker/2.0"


class Target(ThreadingHTTPServer):
    """A web server whose answers a test decides. `health_status` None: it never answers a check.

    With `tls` it speaks nothing else.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls:
            # A client that says nothing must not keep the others waiting.
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.health_status: int | None = 200
        self.checks: list[tuple[float, str, dict[str, str]]] = []
        self.check_connections: list[tuple[str, int]] = []
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> tuple[str, int]:
        return ("127.0.0.1", self.server_address[1])

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: clients that go away are part of these tests."""


@contextmanager
def serving_targets(count: int) -> Iterator[list[Target]]:
    """So many targets, which are closed afterwards."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Target())) for _ in range(count)]


class _Handler(BaseHTTPRequestHandler):
    server: Target
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        seen = (time.monotonic(), self.path, dict(self.headers.items()))
        if self.headers.get("User-Agent") == USER_AGENT:
            self.server.checks.append(seen)
            self.server.check_connections.append(self.client_address)
            self.close_connection = False  # whatever the client requests: it must close by itself
            if self.server.health_status is None:
                self.server.closing.wait(5)
                self.close_connection = True
                return
            self.reply(self.server.health_status, b"")
            return
        self.server.requests.append(seen)
        if self.server.answer is not None:
            self.server.answer(self)
        else:
            self.reply(200, str(self.server.server_address[1]).encode())

    def reply(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        self.do_GET()


@dataclass
class World:
    """One load balancer "lb" with a listener on port 80, target group "web" and its targets."""

    load_balancing: LoadBalancing
    port: int
    targets: list[Target]
    desired: DesiredState

    @property
    def addresses(self) -> dict[str, tuple[str, int]]:
        return {f"i-{n}": target.address for n, target in enumerate(self.targets)}

    def register(self, *numbers: int, **changes: object) -> None:
        """Make exactly these targets registered; `changes` are to the target group."""
        group = target_group(numbers, **changes)
        self.apply(DesiredState(self.desired.instances, self.desired.load_balancers, (group,)))

    def with_rules(self, *rules: Rule) -> None:
        """Put these rules before the default one."""
        balancer = load_balancer(self.port, *rules)
        self.apply(DesiredState(self.desired.instances, (balancer,), self.desired.target_groups))

    def switch(self, groups: tuple[TargetGroup, ...], *rules: Rule, default: str) -> None:
        """Replace all target groups and rules in one step; `default` is a target group's ARN."""
        last = Rule(None, (), (), Forward(((default, 1),)))
        (balancer,) = self.desired.load_balancers
        listener = replace(balancer.listeners[0], rules=(*rules, last))
        balancers = (replace(balancer, listeners=(listener,)),)
        self.apply(DesiredState(self.desired.instances, balancers, groups))

    def apply(self, desired: DesiredState) -> None:
        self.desired = desired
        self.load_balancing.reconcile(desired, self.addresses)

    def health(self, number: int) -> TargetHealth | None:
        return self.load_balancing.target_health().get((GROUP, f"i-{number}", 80))

    def await_health(self, number: int, state: str) -> TargetHealth:
        def reached() -> TargetHealth | None:
            # Time passes: the daemon reconciles ten times a second.
            self.apply(self.desired)
            health = self.health(number)
            return health if health is not None and health.state == state else None

        return wait_for(reached)

    def get(
        self, path: str = "/", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def answered(self, *lines: str, body: bytes = b"") -> bytes:
        """All that comes back for a request of these lines."""
        request = "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            client.sendall(request)
            return b"".join(iter(lambda: client.recv(4096), b""))


def wait_for(condition: Callable[[], Any], seconds: float = 10) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.005)
    raise AssertionError(f"not true within {seconds} s")


def instance(number: int, **changes: object) -> Instance:
    values = {
        "instance_id": f"i-{number}",
        "region": "us-east-1",
        "availability_zone": ZONES[number % 3],
        "private_ip": f"172.31.0.{number}",
        "image_id": "ami-1",
        "instance_type": "t3.micro",
        "user_data": b"",
        "boots": 1,
    }
    return Instance(**(values | changes))


def health_check(**changes: object) -> HealthCheck:
    """AWS counts in whole seconds; the tests have less time."""
    values = {
        "enabled": True,
        "protocol": "HTTP",
        "path": "/healthcheck",
        "port": None,
        "interval_seconds": 0.15,
        "timeout_seconds": 2,  # a busy machine is no failed check
        "healthy_threshold": 2,
        "unhealthy_threshold": 2,
        "matcher": "200",
    }
    return HealthCheck(**(values | changes))


def target_group(numbers: tuple[int, ...], **changes: object) -> TargetGroup:
    values = {
        "arn": GROUP,
        "name": "web",
        "target_type": "instance",
        "health_check": health_check(),
        "targets": tuple(desired_state.Target(f"i-{n}", 80) for n in numbers),
        "slow_start_seconds": 0,
        "minimum_healthy_targets": 1,
    }
    return TargetGroup(**(values | changes))


def load_balancer(port: int, *rules: Rule, name: str = "lb", **changes: object) -> LoadBalancer:
    default = Rule(None, (), (), Forward(((GROUP, 1),)))
    listener = Listener(f"{ARN}:listener/app/{name}/1/2", 80, port, (*rules, default))
    values = {
        "arn": f"{ARN}:loadbalancer/app/{name}/1",
        "name": name,
        "dns_name": f"{name}.local",
        "idle_timeout_seconds": 60,
        "listeners": (listener,),
    }
    return LoadBalancer(**(values | changes))
