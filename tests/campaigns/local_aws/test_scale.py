"""Thirty instances in one group: how fast they serve, what they and the control loop cost."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_aws_command import LocalAws
from process_tree import all_processes_below

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

DEPLOY_SECONDS = 30.0
WATCHED_SECONDS = 4.0
STEADY_CPU_AT_REST = 0.05  # of one core; below it noise decides, not the number of instances
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> float:
    """What the process alone would give back: shared pages are split among those who share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def cpu_share(pid: int) -> float:
    """Of one core, while nothing is asked for."""
    before, begun_at = cpu_seconds(pid), time.monotonic()
    time.sleep(WATCHED_SECONDS)
    return (cpu_seconds(pid) - before) / (time.monotonic() - begun_at)


class Group:
    """A group that runs the image's program behind a load balancer."""

    def __init__(self, local_aws: LocalAws, max_size: int) -> None:
        ec2, self._elbv2 = local_aws.client("ec2"), local_aws.client("elbv2")
        self._autoscaling = local_aws.client("autoscaling")
        subnets = ec2.describe_subnets()["Subnets"][:3]
        self._target_group = self._elbv2.create_target_group(
            Name="web",
            Protocol="HTTP",
            Port=80,
            VpcId=subnets[0]["VpcId"],
            HealthCheckPath="/healthcheck?depth=shallow",
            HealthCheckIntervalSeconds=1,
        )["TargetGroups"][0]["TargetGroupArn"]
        ids = [subnet["SubnetId"] for subnet in subnets]
        balancer = self._elbv2.create_load_balancer(Name="web", Subnets=ids)["LoadBalancers"][0]
        self._elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self._target_group}],
        )
        ec2.create_launch_template(
            LaunchTemplateName="web", LaunchTemplateData={"ImageId": "ami-12c6146b"}
        )
        self._autoscaling.create_auto_scaling_group(
            AutoScalingGroupName="web",
            MinSize=0,
            MaxSize=max_size,
            LaunchTemplate={"LaunchTemplateName": "web", "Version": "$Latest"},
            VPCZoneIdentifier=",".join(ids),
            TargetGroupARNs=[self._target_group],
        )

    def grow(self, size: int) -> float:
        """Seconds until so many targets are healthy."""
        begun_at = time.monotonic()
        self._autoscaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=size)
        while [row["TargetHealth"]["State"] for row in self._targets()] != ["healthy"] * size:
            assert time.monotonic() < begun_at + 2 * DEPLOY_SECONDS, self._targets()
            time.sleep(0.2)
        return time.monotonic() - begun_at

    def _targets(self) -> list[dict[str, Any]]:
        answer = self._elbv2.describe_target_health(TargetGroupArn=self._target_group)
        rows: list[dict[str, Any]] = answer["TargetHealthDescriptions"]
        return rows


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    """Its instances run the recommendation server, as an image with it baked in would."""
    local_aws = LocalAws(tmp_path / "home")
    local_aws.start("--image-program", f"'{sys.executable}' -m recommendation_server")
    yield local_aws
    local_aws.stop()


def test_a_large_group(local_aws: LocalAws, full: bool) -> None:
    size = 30 if full else 6
    daemon = local_aws.running["pid"]
    group = Group(local_aws, size)
    at_rest = cpu_share(daemon)
    half_seconds = group.grow(size // 2)
    half = cpu_share(daemon) - at_rest
    seconds = half_seconds + group.grow(size)
    whole = cpu_share(daemon) - at_rest

    instances = [instance["pid"] for instance in local_aws.status()["instances"]]
    envoy = all_processes_below(daemon) - set(instances)
    each = sum(memory_mib(pid) for pid in instances) / size
    print(  # noqa: T201 - what was measured
        f"{size} instances: deployed in {seconds:.1f} s; memory: {each:.0f} MiB an instance, "
        f"daemon {memory_mib(daemon):.0f} MiB, Envoy {sum(map(memory_mib, envoy)):.0f} MiB; "
        f"control loop: {at_rest:.1%} of a core without instances, {half:.1%} more for "
        f"{size // 2}, {whole:.1%} more for {size}"
    )
    assert seconds <= DEPLOY_SECONDS
    # Linear: twice the instances, twice the cost. A quadratic loop would cost four times as much.
    assert whole <= 3 * half + STEADY_CPU_AT_REST
