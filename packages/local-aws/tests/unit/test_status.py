"""What `local-aws status` shows is everything, in however many pages it comes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from local_aws import status
from local_aws.state.state_directory import Running

RUNNING = Running(1, "now", "http://127.0.0.1:4566", "us-east-1", "AKIA", "secret")


def balancer(name: str) -> dict[str, Any]:
    return {
        "LoadBalancerArn": f"arn:{name}",
        "LoadBalancerName": name,
        "DNSName": f"{name}.example",
        "State": {"Code": "active"},
    }


def listener(name: str, port: int) -> dict[str, Any]:
    return {"ListenerArn": f"arn:{name}:{port}", "Port": port, "Protocol": "HTTP"}


def group(name: str) -> dict[str, Any]:
    return {"TargetGroupArn": f"arn:{name}", "TargetGroupName": name}


def reservation(instance_id: str) -> dict[str, Any]:
    placement, state = {"AvailabilityZone": "us-east-1a"}, {"Name": "running"}
    return {
        "Instances": [{"InstanceId": instance_id, "Placement": placement, "State": state}],
    }


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    clients = {
        service: boto3.client(
            service,
            region_name="us-east-1",
            aws_access_key_id="AKIA",
            aws_secret_access_key="secret",
        )
        for service in ("elbv2", "ec2")
    }
    monkeypatch.setattr(status, "_client", lambda _, service: clients[service])
    return clients


def test_every_page_is_shown(clients: dict[str, Any]) -> None:
    elbv2, ec2 = Stubber(clients["elbv2"]), Stubber(clients["ec2"])
    for operation, request, answer in (
        ("load_balancers", {}, {"LoadBalancers": [balancer("a")], "NextMarker": "2"}),
        ("listeners", {"LoadBalancerArn": "arn:a"}, {"Listeners": [], "NextMarker": "2"}),
        (
            "listeners",
            {"LoadBalancerArn": "arn:a", "Marker": "2"},
            {"Listeners": [listener("a", 80)]},
        ),
        ("load_balancers", {"Marker": "2"}, {"LoadBalancers": [balancer("b")]}),
        ("listeners", {"LoadBalancerArn": "arn:b"}, {"Listeners": [listener("b", 81)]}),
        ("target_groups", {}, {"TargetGroups": [group("c")], "NextMarker": "2"}),
        ("target_health", {"TargetGroupArn": "arn:c"}, {"TargetHealthDescriptions": []}),
        ("target_groups", {"Marker": "2"}, {"TargetGroups": [group("d")]}),
        ("target_health", {"TargetGroupArn": "arn:d"}, {"TargetHealthDescriptions": []}),
    ):
        elbv2.add_response(f"describe_{operation}", answer, request)
    ec2.add_response(
        "describe_instances", {"Reservations": [reservation("i-1")], "NextToken": "2"}, {}
    )
    ec2.add_response(
        "describe_instances", {"Reservations": [reservation("i-2")]}, {"NextToken": "2"}
    )
    ports = {"arn:a:80": 8080, "arn:b:81": 8081}
    state: Any = SimpleNamespace(read_listeners=lambda: ports, read_instances=dict)
    with elbv2, ec2:
        report = status.read(RUNNING, state)
    balancers = report["load_balancers"]
    assert [(each["name"], each["listeners"][0]["port"]) for each in balancers] == [
        ("a", 80),
        ("b", 81),
    ]
    assert [each["name"] for each in report["target_groups"]] == ["c", "d"]
    assert [each["id"] for each in report["instances"]] == ["i-1", "i-2"]
