"""A day's work in minutes: what the local AWS holds is bounded, however long it serves.

500 stack operations, every tenth stack with an instance. Of a day of the demonstration's service,
a request each second through the load balancer, an instance's reading of its settings each second,
and the failed health checks of three targets that are down all day. All of it comes as fast as it
is answered.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from campaign import Figures
from footprint import Footprint, held_by
from load import get, send
from load_balancing_world import health_check, instance, load_balancer, target_group
from local_aws_command import USER_DATA, LocalAws
from stack_driver import StackDriver, parameter

from local_aws.contract.desired_state import DesiredState
from local_aws.host.ports import free_port
from local_aws.load_balancing.controller import LoadBalancing
from local_aws.load_balancing.envoy_admin import EnvoyAdmin
from local_aws.state.bounded_logs import LIMIT_BYTES

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600)]

DAY_SECONDS = 86_400
REQUESTS_PER_SECOND = 1
SETTINGS_READS_PER_SECOND = 1
DEAD_TARGETS = 3
CONNECTIONS = 4
SIGNED_AGAIN_SECONDS = 60.0  # a signature is good for five minutes

WARM_UP = 0.1
"""Of the work, done before the first look: caches, connections and threads are there by then."""

MAY_GROW = {"memory_mib": 48, "descriptors": 16, "threads": 8}
PRINTED_MEANWHILE_BYTES = 1_000_000  # logs are looked at once a second

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
SMALL = {
    "Setting": parameter("1"),
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": TRUST},
    },
    "Template": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {"LaunchTemplateData": {"ImageId": "ami-12c6146b"}},
    },
}
WITH_AN_INSTANCE = {
    **SMALL,
    "Instance": {
        "Type": "AWS::EC2::Instance",
        "Properties": {
            "ImageId": "ami-12c6146b",
            "UserData": base64.b64encode(USER_DATA.encode()).decode(),
        },
    },
}


def operate(local_aws: LocalAws, operations: int) -> None:
    """Create, update and delete one stack after the other."""
    stacks = StackDriver(local_aws.client("cloudformation"))
    for number in range(operations // 3):
        resources = WITH_AN_INSTANCE if number % 10 == 0 else SMALL
        name = f"stack-{number}"
        assert stacks.create(name, resources)["StackStatus"] == "CREATE_COMPLETE"
        changed = {**resources, "Setting": parameter("2")}
        assert stacks.update(name, changed)["StackStatus"] == "UPDATE_COMPLETE"
        assert stacks.delete(name)["StackStatus"] == "DELETE_COMPLETE"


def signed_settings_read(local_aws: LocalAws) -> Any:
    """A function that gives GetParameters as an instance sends it, as bytes."""
    running = local_aws.running
    host = urlsplit(running["endpoint"]).netloc
    body = json.dumps({"Names": ["settings"]})
    headers = {
        "Host": host,
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.GetParameters",
        "Content-Length": str(len(body)),
    }
    credentials = Credentials(running["access_key_id"], running["secret_access_key"])
    signed_at, request = 0.0, b""

    def sign() -> bytes:
        nonlocal signed_at, request
        if time.monotonic() - signed_at > SIGNED_AGAIN_SECONDS:
            unsigned = AWSRequest("POST", f"http://{host}/", data=body, headers=headers)
            SigV4Auth(credentials, "ssm", "us-east-1").add_auth(unsigned)
            lines = "".join(f"{name}: {value}\r\n" for name, value in unsigned.headers.items())
            request = f"POST / HTTP/1.1\r\n{lines}\r\n{body}".encode()
            signed_at = time.monotonic()
        return request

    return sign


def work(local_aws: LocalAws, service_port: int, share: float, operations: int) -> dict[str, Any]:
    """A share of the day, and so many stack operations at the same time."""
    counts: dict[str, Counter[int]] = {}
    api_port = urlsplit(local_aws.running["endpoint"]).port
    assert api_port

    def traffic() -> None:
        replies = int(DAY_SECONDS * REQUESTS_PER_SECOND * share)
        counts["requests"] = send(service_port, lambda: get("/"), CONNECTIONS, replies)

    def settings() -> None:
        replies = int(DAY_SECONDS * SETTINGS_READS_PER_SECOND * share)
        signed = signed_settings_read(local_aws)
        counts["settings_reads"] = send(api_port, signed, CONNECTIONS, replies)

    threads = [threading.Thread(target=each) for each in (traffic, settings)]
    for thread in threads:
        thread.start()
    operate(local_aws, operations)
    for thread in threads:
        thread.join()
    return counts


def test_a_day_and_five_hundred_stack_operations(
    local_aws: LocalAws, figures: Figures, full: bool
) -> None:
    share, operations = (1.0, 500) if full else (0.02, 24)
    port = urlsplit(local_aws.run_service("web", 2)).port
    assert port
    local_aws.client("ssm").put_parameter(Name="settings", Value="1", Type="String")
    work(local_aws, port, share * WARM_UP, int(operations * WARM_UP))
    before = footprint(local_aws)
    begun_at = time.monotonic()
    counts = work(local_aws, port, share, operations)
    seconds = time.monotonic() - begun_at
    after = footprint(local_aws)
    figures.add(
        stack_operations=operations,
        simulated_hours=24 * share,
        requests=counts["requests"].total(),
        settings_reads=counts["settings_reads"].total(),
        seconds=seconds,
        before_and_after=both_ends(before, after),
    )
    assert set(counts["requests"]) == set(counts["settings_reads"]) == {200}
    assert after.running == before.running
    for name, held in after.processes.items():
        for what, amount in held.items():
            assert amount <= before.processes[name][what] + MAY_GROW[what], (name, what)
    assert max(after.logs_kib.values()) * 1024 <= LIMIT_BYTES + PRINTED_MEANWHILE_BYTES
    assert " ERROR " not in local_aws.run("logs")


def both_ends(before: Footprint, after: Footprint) -> dict[str, Any]:
    """Each thing that is held, as [before, after]."""
    return {
        **{
            f"{name}_{what}": [before.processes[name][what], amount]
            for name, held in after.processes.items()
            for what, amount in held.items()
        },
        "largest_log_kib": [max(each.logs_kib.values()) for each in (before, after)],
        "folder_kib": [before.folder_kib, after.folder_kib],
    }


def footprint(local_aws: LocalAws) -> Footprint:
    return Footprint.of(local_aws.running["pid"], local_aws.home)


def test_a_day_of_failed_health_checks(tmp_path: Path, figures: Figures, full: bool) -> None:
    """Each failed check is a line in the load balancer's log."""
    checks = DAY_SECONDS * DEAD_TARGETS if full else 3_000
    numbers = tuple(range(DEAD_TARGETS))
    group = target_group(numbers, health_check=health_check(interval_seconds=0.002))
    desired = DesiredState(
        tuple(instance(number) for number in numbers), (load_balancer(free_port()),), (group,)
    )
    log = tmp_path / "load_balancing" / "xds" / "health_checks.jsonl"
    balancing, largest = LoadBalancing(tmp_path), 0
    try:
        pid = balancing.envoy_pid
        assert pid
        balancing.reconcile(desired, {f"i-{n}": ("127.0.0.1", free_port()) for n in numbers})
        admin = EnvoyAdmin(tmp_path / "load_balancing" / "admin.sock")

        def made() -> int:
            return sum(int(count) for count in admin.stats("health_check.failure").values())

        def watch(until: int) -> None:
            nonlocal largest
            while made() < until:
                largest = max(largest, log.stat().st_size)
                balancing.target_health()  # as the daemon does, ten times a second

        watch(checks // 10)
        before = held_by(pid)
        watch(checks)
        after = held_by(pid)
    finally:
        balancing.stop()
    figures.add(
        failed_checks=checks,
        envoy_before=before,
        envoy_after=after,
        largest_health_log_kib=largest // 1024,
    )
    assert largest <= LIMIT_BYTES + PRINTED_MEANWHILE_BYTES
    for what, amount in after.items():
        assert amount <= before[what] + MAY_GROW[what], what
