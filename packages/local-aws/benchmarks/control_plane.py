"""Measures the local AWS's API against stock moto's, side by side on this machine.

    python packages/local-aws/benchmarks/control_plane.py

prints each call's median latency on both and their ratio; exits 1 when one misses the goal.
Both servers run at once and are asked in turns.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from local_aws_command import LocalAws, eventually, get

from local_aws.host.ports import free_port

ROUNDS = 150
GOAL = 2.0
KEY = {"id": {"S": "1"}}

CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "GetItem": ("dynamodb", lambda client: client.get_item(TableName="items", Key=KEY)),
    "PutItem": ("dynamodb", lambda client: client.put_item(TableName="items", Item=KEY)),
    "GetParameters": ("ssm", lambda client: client.get_parameters(Names=["/a"])),
    "DescribeInstances": ("ec2", lambda client: client.describe_instances()),
    "DescribeSubnets": ("ec2", lambda client: client.describe_subnets()),
    "DescribeTargetGroups": ("elbv2", lambda client: client.describe_target_groups()),
    "DescribeAutoScalingGroups": (
        "autoscaling",
        lambda client: client.describe_auto_scaling_groups(),
    ),
    "GetCallerIdentity": ("sts", lambda client: client.get_caller_identity()),
}


class Backend:
    """Clients of one endpoint, with something to read behind it."""

    def __init__(self, endpoint: str, *key: str) -> None:
        self._session = boto3.Session(*key, region_name="us-east-1")
        self._endpoint = endpoint
        self._clients: dict[str, Any] = {}
        self.client("dynamodb").create_table(
            TableName="items",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.client("ssm").put_parameter(Name="/a", Value="1", Type="String")
        self.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=3, MaxCount=3)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._session.client(service, endpoint_url=self._endpoint)
        return self._clients[service]

    def latency_ms(self, service: str, call: Callable[[Any], Any]) -> float:
        client = self.client(service)
        begun_at = time.perf_counter()
        call(client)
        return (time.perf_counter() - begun_at) * 1000


def compare(stock: Backend, ours: Backend) -> int:
    """Print the table; returns how many calls miss the goal."""
    lines = [f"{'call':28}{'stock moto':>12}{'local AWS':>12}{'ratio':>8}"]
    missed = 0
    for name, (service, call) in CALLS.items():
        for backend in (stock, ours):
            backend.latency_ms(service, call)  # the first one imports and creates
        pairs = [
            (stock.latency_ms(service, call), ours.latency_ms(service, call)) for _ in range(ROUNDS)
        ]
        before, after = (statistics.median(column) for column in zip(*pairs, strict=True))
        verdict = "" if after <= GOAL * before else "  MISSED"
        missed += bool(verdict)
        lines.append(f"{name:28}{before:9.1f} ms{after:9.1f} ms{after / before:8.2f}{verdict}")
    sys.stdout.write("\n".join(lines) + f"\ngoal: at most {GOAL} times stock moto's latency\n")
    return missed


def main() -> int:
    port = free_port()
    stock = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with tempfile.TemporaryDirectory() as scratch:
        local_aws = LocalAws(Path(scratch) / "home")
        try:
            local_aws.start()
            eventually(lambda: get(f"http://127.0.0.1:{port}/moto-api/")[0] == 200)
            running = local_aws.running
            ours = Backend(
                running["endpoint"], running["access_key_id"], running["secret_access_key"]
            )
            return (
                1
                if compare(Backend(f"http://127.0.0.1:{port}", "AKIABENCHMARK", "benchmark"), ours)
                else 0
            )
        finally:
            local_aws.stop()
            stock.terminate()
            stock.wait()


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=plain).parse_args()
    sys.exit(main())
