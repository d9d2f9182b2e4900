"""The service as its own template deploys it: what it is made of, and what can be done to it."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from health_log import HealthLog
from local_aws_command import LocalAws, eventually, get

from evidence.observe.configuration import Subject
from local_aws.host.processes import ProcessIdentity
from local_aws.load_balancing.envoy_admin import EnvoyAdmin

SIZE = 3
STACK = "resilience-demo"
_STARTED = re.compile(
    r"^(\S+) systemd: recommendation-server\.service: started with pid", re.MULTILINE
)
_SERVING = '"event": "serving"'


@dataclass(frozen=True)
class Sent:
    """What the load balancer has sent to one target so far, by its own counters."""

    requests: int = 0
    succeeded: int = 0
    failed: int = 0

    def since(self, before: Sent) -> Sent:
        return Sent(
            self.requests - before.requests,
            self.succeeded - before.succeeded,
            self.failed - before.failed,
        )


class LiveService:
    """A deployed stack on a local AWS. Clients are made once: each costs a tenth of a second."""

    def __init__(self, local_aws: LocalAws) -> None:
        self.local_aws = local_aws
        self.cloudformation = local_aws.client("cloudformation")
        self.ec2 = local_aws.client("ec2")
        self.elbv2 = local_aws.client("elbv2")
        self.auto_scaling = local_aws.client("autoscaling")
        self.ssm = local_aws.client("ssm")
        self._envoy = EnvoyAdmin(local_aws.home / "load_balancing" / "admin.sock")

    @cached_property
    def outputs(self) -> dict[str, str]:
        return {row["OutputKey"]: row["OutputValue"] for row in self.stack()["Outputs"]}

    @property
    def url(self) -> str:
        return f"http://{self.outputs['LB']}/"

    @property
    def target_group(self) -> str:
        return self.outputs["TGArn"]

    @property
    def group(self) -> str:
        return self.outputs["AutoScalingGroup"]

    @property
    def subject(self) -> Subject:
        return Subject("us-east-1", STACK, self.target_group, self.group)

    def stack(self) -> dict[str, Any]:
        stack: dict[str, Any] = self.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        return stack

    def states(self) -> dict[str, str]:
        """Each registered target's state of health, by instance id."""
        rows = self.elbv2.describe_target_health(TargetGroupArn=self.target_group)
        return {
            row["Target"]["Id"]: row["TargetHealth"]["State"]
            for row in rows["TargetHealthDescriptions"]
        }

    def in_service(self) -> list[str]:
        found = self.auto_scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.group])
        return [
            instance["InstanceId"]
            for instance in found["AutoScalingGroups"][0]["Instances"]
            if instance["LifecycleState"] == "InService"
        ]

    def is_whole(self) -> bool:
        states = self.states()
        return list(states.values()) == ["healthy"] * SIZE and {*self.in_service()} == {*states}

    def await_whole(self, seconds: float) -> None:
        eventually(self.is_whole, seconds)

    def await_states(self, states: set[str], seconds: float) -> None:
        """Until these are the states of all targets."""
        eventually(lambda: set(self.states().values()) == states, seconds)

    def process(self, instance_id: str) -> ProcessIdentity | None:
        """The instance's main process, while it runs."""
        pid = self._data_plane()[instance_id]["pid"]
        return ProcessIdentity.of(pid) if pid else None

    def await_restart(self, instance_id: str, dead: ProcessIdentity | None, seconds: float) -> None:
        eventually(lambda: self.process(instance_id) not in (None, dead), seconds)

    def signal(self, instance_id: str, number: signal.Signals) -> None:
        """Send a signal to the instance's main process."""
        process = self.process(instance_id)
        assert process is not None, f"{instance_id} has no process"
        os.kill(process.pid, number)

    def set_parameter(self, name: str, value: str) -> None:
        """One of the three settings that the instances read each second."""
        self.ssm.put_parameter(Name=f"{STACK}-{name}", Value=value, Overwrite=True)

    def set_health_check(self, depth: str) -> None:
        """Returns when every target has passed the load balancer's first check by it."""
        path = f"/healthcheck?depth={depth}"
        if path == self._health_check_path():
            return
        log = HealthLog(self.local_aws.home)
        self.elbv2.modify_target_group(TargetGroupArn=self.target_group, HealthCheckPath=path)

        def passed() -> set[str]:
            return {check.instance for check in log.read(self.ports()) if check.kind == "in"}

        eventually(lambda: passed() == {*self.states()})

    def _health_check_path(self) -> str:
        found = self.elbv2.describe_target_groups(TargetGroupArns=[self.target_group])
        path: str = found["TargetGroups"][0]["HealthCheckPath"]
        return path

    def run_release(self, release: str, seconds: float = 120.0) -> None:
        """Update the stack to it; returns once CloudFormation says that the update is complete."""
        kept = [row["ParameterKey"] for row in self.stack()["Parameters"]]
        self.cloudformation.update_stack(
            StackName=STACK,
            UsePreviousTemplate=True,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": release}
                if key == "LaunchTemplateVersion"
                else {"ParameterKey": key, "UsePreviousValue": True}
                for key in kept
            ],
        )
        eventually(lambda: not self.stack()["StackStatus"].endswith("_IN_PROGRESS"), seconds)
        assert self.stack()["StackStatus"] == "UPDATE_COMPLETE"

    def start_seconds(self, instance_id: str) -> float:
        """How long the main program needed, when it last started, until it served."""
        console = Path(self._data_plane()[instance_id]["log_path"]).read_text()
        started = _STARTED.findall(console)[-1]
        serving = next(line for line in reversed(console.splitlines()) if _SERVING in line)
        begun_at = datetime.fromisoformat(started)
        return (datetime.fromisoformat(json.loads(serving)["time"]) - begun_at).total_seconds()

    def settings(self, name: str) -> set[str]:
        """What the instances have been told, as each says itself."""
        return {
            json.loads(get(f"http://127.0.0.1:{port}/status")[1])["settings"][name]
            for port in self.ports()
        }

    def ports(self) -> dict[int, str]:
        """The instance at each loopback port."""
        return {fact["port"]: name for name, fact in self._data_plane().items()}

    def sent(self) -> dict[str, Sent]:
        """By instance id; counted by Envoy for each target of the service."""
        ports = self.ports()
        found = {}
        for cluster in self._envoy.clusters()["cluster_statuses"]:
            for host in cluster.get("host_statuses", ()):
                counted = {row["name"]: int(row.get("value", 0)) for row in host["stats"]}
                instance_id = ports.get(host["address"]["socket_address"]["port_value"])
                if instance_id is not None:
                    found[instance_id] = Sent(
                        counted["rq_total"], counted["rq_success"], counted["rq_error"]
                    )
        return found

    def _data_plane(self) -> Mapping[str, Any]:
        text = (self.local_aws.home / "data_plane.json").read_text()
        instances: Mapping[str, Any] = json.loads(text)["instances"]
        return instances
