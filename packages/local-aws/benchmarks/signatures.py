"""Measures what verifying signatures costs a call of the AWS endpoint.

    python packages/local-aws/benchmarks/signatures.py

makes calls with and without verification in turns, in one process, and prints the medians, their
ratio, and the processor time of all that is done to know a caller.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

import boto3

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane import corrections, service_connections
from local_aws.control_plane.endpoint.server import ControlPlaneServer
from local_aws.control_plane.iam.signed_requests import authentication, signatures

ROUNDS = 500
KEY = {"id": {"S": "1"}}
CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "GetItem": ("dynamodb", lambda client: client.get_item(TableName="items", Key=KEY)),
    "GetParameters": ("ssm", lambda client: client.get_parameters(Names=["/a"])),
    "DescribeVpcs": ("ec2", lambda client: client.describe_vpcs()),
    "GetCallerIdentity": ("sts", lambda client: client.get_caller_identity()),
}


def _milliseconds(call: Callable[[Any], Any], client: Any) -> float:
    begun_at = time.perf_counter()
    call(client)
    return (time.perf_counter() - begun_at) * 1000


def _accept(*_: object) -> None:
    """Stands in for the check; a Mock would take as long itself."""


def main() -> int:
    key = AccessKey("AKIABENCHMARK0000000", "benchmark")
    corrections.install()
    server = ControlPlaneServer(key, service_connections.HOOKS)
    server.start()
    session = boto3.Session(key.access_key_id, key.secret_access_key, region_name="us-east-1")
    clients = {
        service: session.client(service, endpoint_url=server.endpoint)
        for service, _ in CALLS.values()
    }
    clients["dynamodb"].create_table(
        TableName="items",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    unverified = mock.patch.object(signatures.Signature, "require_secret", _accept)
    spent: list[float] = []
    caller_of = authentication.caller_of

    def measured(*arguments: Any) -> Any:
        begun_at = time.thread_time()
        caller = caller_of(*arguments)
        spent.append((time.thread_time() - begun_at) * 1_000_000)
        return caller

    verified = mock.patch.object(authentication, "caller_of", measured)
    lines = [f"{'call':20}{'without':>12}{'with':>12}{'ratio':>8}{'processor':>12}"]
    for name, (service, call) in CALLS.items():
        client = clients[service]
        for _ in range(20):
            call(client)
        without: list[float] = []
        with_it: list[float] = []
        spent.clear()
        for number in range(2 * ROUNDS):
            is_without = number % 4 in (1, 2)  # each comes first as often
            with unverified if is_without else verified:
                milliseconds = _milliseconds(call, client)
            (without if is_without else with_it).append(milliseconds)
        before, after = statistics.median(without), statistics.median(with_it)
        lines.append(
            f"{name:20}{before:9.2f} ms{after:9.2f} ms{after / before:8.2f}"
            f"{statistics.median(spent):9.0f} us"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    server.stop()
    return 0


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=plain).parse_args()
    sys.exit(main())
