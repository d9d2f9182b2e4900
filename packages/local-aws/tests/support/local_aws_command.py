"""The command `local-aws` with a home of its own, and a small service to run on what it starts."""

from __future__ import annotations

import base64
import functools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_aws.state import mark

COMMAND = Path(sys.executable).with_name("local-aws")
LEFT_BEHIND = {"daemon.log", "lock", mark.NAME}
"""What is in the folder of one that has ended."""

CALLERS_SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIACALLERSOWNKEY000",
    "AWS_SECRET_ACCESS_KEY": "callers-own-secret-access-key",
    "AWS_SESSION_TOKEN": "callers-own-session-token",
    "AWS_PROFILE": "callers-own-profile",
}

# Appends a line to a file on its disk at each boot; answers with instance id and what it holds.
_SERVER = """
import http.server, os, pathlib

boots = pathlib.Path(os.environ["STATE_DIRECTORY"], "boots")
with boots.open("a") as file:
    file.write("booted ")

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = boots.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

address = (os.environ["LISTEN_ADDRESS"], int(os.environ["PORT"]))
http.server.ThreadingHTTPServer(address, Handler).serve_forever()
"""
USER_DATA = f"""#cloud-config
write_files:
  - path: /opt/server.py
    encoding: b64
    content: {base64.b64encode(_SERVER.encode()).decode()}
  - path: /etc/systemd/system/server.service
    content: |
      [Service]
      ExecStart=/usr/bin/python3 /opt/server.py
      StateDirectory=server
      Restart=always
      RestartSec=0.2
      [Install]
      WantedBy=multi-user.target
runcmd:
  - systemctl enable --now server.service
"""


@dataclass(frozen=True)
class Balanced:
    """A load balancer with one listener and one target group, both by their ARNs."""

    url: str
    balancer: str
    target_group: str
    subnets: tuple[str, ...]


class LocalAws:
    """One local AWS. Its callers have AWS credentials of their own, which must not matter."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, **CALLERS_SECRETS, "LOCAL_AWS_HOME": str(home)}

    def popen(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, *words],
            cwd=self.home.parent,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell may have let the tests ignore Ctrl-C, as it does for what runs in background.
            preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *words: str, status: int = 0) -> str:
        """What the command says, on whichever stream; fails unless it ends with the status."""
        process = self.popen(*words)
        output, errors = process.communicate(timeout=90)
        assert process.returncode == status, f"{words}: {process.returncode}: {output}{errors}"
        return output + errors

    def start(self, *words: str) -> str:
        return self.run("start", "--port", "0", *words)

    def stop(self) -> None:
        self.run("stop")

    @property
    def running(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.home / "running.json").read_text())
        return record

    @property
    def client_environment(self) -> dict[str, str]:
        """What points an AWS client that reads its environment at this local AWS."""
        running = self.running
        return {
            "AWS_ENDPOINT_URL": running["endpoint"],
            "AWS_ACCESS_KEY_ID": running["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": running["secret_access_key"],
            "AWS_DEFAULT_REGION": running["region"],
        }

    def status(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.run("status", "--json"))
        return report

    def client(self, service: str) -> Any:
        running = self.running
        return boto3.client(
            service,
            endpoint_url=running["endpoint"],
            region_name="us-east-1",
            aws_access_key_id=running["access_key_id"],
            aws_secret_access_key=running["secret_access_key"],
            # boto3 would insist on AWS's shortest health check interval, five seconds.
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        )

    def run_service(self, name: str, instances: int = 1) -> str:
        """Launch instances behind a load balancer; returns its URL once all are healthy."""
        ec2, elbv2 = self.client("ec2"), self.client("elbv2")
        launched = ec2.run_instances(
            ImageId="ami-12c6146b", MinCount=instances, MaxCount=instances, UserData=USER_DATA
        )["Instances"]
        balanced = self.balance(name)
        ids = [{"InstanceId": instance["InstanceId"]} for instance in launched]
        eventually(lambda: self._are_running(ids))
        elbv2.register_targets(
            TargetGroupArn=balanced.target_group,
            Targets=[{"Id": each["InstanceId"]} for each in ids],
        )
        elbv2.get_waiter("target_in_service").wait(
            TargetGroupArn=balanced.target_group, WaiterConfig={"Delay": 0.05, "MaxAttempts": 400}
        )
        return balanced.url

    def balance(self, name: str) -> Balanced:
        """Make a load balancer in all subnets, whose targets are checked each second."""
        ec2, elbv2 = self.client("ec2"), self.client("elbv2")
        found = ec2.describe_subnets()["Subnets"]
        subnets = tuple(subnet["SubnetId"] for subnet in found)
        group = elbv2.create_target_group(
            Name=name,
            Protocol="HTTP",
            Port=80,
            VpcId=found[0]["VpcId"],
            HealthCheckIntervalSeconds=1,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]
        balancer = elbv2.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]
        elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        url = f"http://{balancer['DNSName']}/"
        return Balanced(url, balancer["LoadBalancerArn"], group, subnets)

    def make_group(self, name: str, balanced: Balanced, user_data: str, **sizes: int) -> None:
        """Make an Auto Scaling group behind a load balancer; `sizes` are as MaxSize=1."""
        auto_scaling = self.client("autoscaling")
        auto_scaling.create_launch_configuration(
            LaunchConfigurationName=name,
            ImageId="ami-12c6146b",
            InstanceType="t3.micro",
            UserData=user_data,
        )
        auto_scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            VPCZoneIdentifier=",".join(balanced.subnets),
            TargetGroupARNs=[balanced.target_group],
            **sizes,
        )

    def _are_running(self, ids: list[dict[str, str]]) -> bool:
        answer = self.client("ec2").describe_instances(InstanceIds=[i["InstanceId"] for i in ids])
        return {
            instance["State"]["Name"]
            for reservation in answer["Reservations"]
            for instance in reservation["Instances"]
        } == {"running"}


def get(url: str, **headers: str) -> tuple[int, str]:
    """Status and body; (0, why) when nobody answers."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def eventually(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(0.05)
    return value
