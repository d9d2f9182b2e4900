"""Auto Scaling, a load balancer and real instances: what becomes of requests in flight.

The instances' program ends at SIGTERM without answering what it still holds: whatever is answered
was waited for.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ec2_driver import instance_state
from local_aws_command import LocalAws, eventually, get

_SERVER = """
import http.server, os, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(float(self.path[1:] or 0))
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"done")

address = (os.environ["LISTEN_ADDRESS"], int(os.environ["PORT"]))
http.server.ThreadingHTTPServer(address, Handler).serve_forever()
"""
_USER_DATA = f"""#cloud-config
write_files:
- path: /opt/server.py
  encoding: b64
  content: {base64.b64encode(_SERVER.encode()).decode()}
- path: /etc/systemd/system/server.service
  content: |
    [Service]
    ExecStart=/usr/bin/python3 /opt/server.py
runcmd:
- systemctl start server.service
"""
_SHUTDOWN_SECONDS = 1.0  # ec2.instance_states: a terminated instance serves on for this long


class Group:
    """An Auto Scaling group of one instance or none, behind a load balancer."""

    def __init__(self, local_aws: LocalAws, name: str, delay_seconds: int) -> None:
        self._name = name
        self._auto_scaling = local_aws.client("autoscaling")
        self._ec2 = local_aws.client("ec2")
        balanced = local_aws.balance(name)
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": str(delay_seconds)}
        local_aws.client("elbv2").modify_target_group_attributes(
            TargetGroupArn=balanced.target_group, Attributes=[delay]
        )
        self.url = balanced.url
        local_aws.make_group(name, balanced, _USER_DATA, MinSize=0, MaxSize=1, DesiredCapacity=0)

    def scale_out(self) -> None:
        """Launch the instance; returns when it serves."""
        self._scale_to(1)
        eventually(lambda: get(self.url)[0] == 200)
        self._instance_id = self._members()[-1]

    def scale_in(self) -> float:
        """Terminate the instance; returns the moment."""
        self._scale_to(0)
        return time.monotonic()

    def await_termination(self, since: float) -> float:
        """Seconds until it is terminated in EC2."""
        eventually(
            lambda: instance_state(self._ec2, self._instance_id) in {"shutting-down", "terminated"}
        )
        return time.monotonic() - since

    def _scale_to(self, capacity: int) -> None:
        self._auto_scaling.set_desired_capacity(
            AutoScalingGroupName=self._name, DesiredCapacity=capacity
        )

    def _members(self) -> list[str]:
        found = self._auto_scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self._name])
        return [row["InstanceId"] for row in found["AutoScalingGroups"][0]["Instances"]]


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    one = LocalAws(Path(tmp_path_factory.mktemp("draining"), "home"))
    one.start()
    yield one
    one.stop()


@pytest.fixture
def client() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def held(client: ThreadPoolExecutor, group: Group, seconds: float) -> Future[tuple[int, str]]:
    """A request that is in flight for so long."""
    asked = client.submit(get, f"{group.url}{seconds}")
    time.sleep(0.3)
    assert not asked.done()
    return asked


def test_termination_waits_for_a_request_in_flight(
    local_aws: LocalAws, client: ThreadPoolExecutor
) -> None:
    group = Group(local_aws, "waits", delay_seconds=20)
    group.scale_out()
    asked: Any = held(client, group, 3)
    begun = group.scale_in()
    assert 2.2 < group.await_termination(begun) < 10
    assert asked.result() == (200, "done")


def test_a_request_longer_than_the_deregistration_delay_is_cut(
    local_aws: LocalAws, client: ThreadPoolExecutor
) -> None:
    group = Group(local_aws, "cuts", delay_seconds=1)
    group.scale_out()
    asked = held(client, group, 4.5)
    begun = group.scale_in()
    assert 0.9 < group.await_termination(begun) < 3
    assert asked.result()[0] == 502
    assert time.monotonic() - begun > 1 + _SHUTDOWN_SECONDS


def test_without_a_request_in_flight_termination_does_not_wait(local_aws: LocalAws) -> None:
    group = Group(local_aws, "idles", delay_seconds=20)
    seconds = []
    for _ in range(3):  # the quickest counts: a busy machine makes the others slower
        group.scale_out()
        for _ in range(20):  # leaves connections that are kept alive
            assert get(group.url)[0] == 200
        seconds.append(group.await_termination(group.scale_in()))
    assert min(seconds) < 0.9
