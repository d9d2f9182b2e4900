"""What `local-aws status` shows: AWS's own describe calls, and what the data plane wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3

from local_aws.state.state_directory import Running, StateDirectory

Report = dict[str, Any]


def read(running: Running, state: StateDirectory) -> Report:
    """Return load balancers, targets and instances as they are now.

    {endpoint, region, pid,
     load_balancers: [{name, url, state, listeners: [{port, url}]}],
     target_groups: [{name, targets: [{id, port, state, reason}]}],
     instances: [{id, availability_zone, state, pid, port, log}]}
    """
    return {
        "endpoint": running.endpoint,
        "region": running.region,
        "pid": running.pid,
        "load_balancers": _load_balancers(running, state.read_listeners()),
        "target_groups": _target_groups(running),
        "instances": _instances(running, state.read_instances()),
    }


def as_text(report: Report) -> str:
    """The report as tables, one under the other."""
    balancers = [
        [balancer["name"], listener["port"], listener["url"], balancer["state"]]
        for balancer in report["load_balancers"]
        for listener in balancer["listeners"] or [{"port": "-", "url": "-"}]
    ]
    targets = [
        [group["name"], target["id"], target["port"], target["state"], target["reason"] or "-"]
        for group in report["target_groups"]
        for target in group["targets"]
    ]
    parts = [
        f"local AWS at {report['endpoint']}, region {report['region']}, pid {report['pid']}",
        _table(["LOAD BALANCER", "LISTENER", "ADDRESS", "STATE"], balancers),
        _table(["TARGET GROUP", "TARGET", "PORT", "HEALTH", "REASON"], targets),
        _table(
            ["INSTANCE", "ZONE", "STATE", "PID", "PORT", "LOG"],
            [[value or "-" for value in each.values()] for each in report["instances"]],
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _client(running: Running, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=running.endpoint,
        region_name=running.region,
        aws_access_key_id=running.access_key_id,
        aws_secret_access_key=running.secret_access_key,
    )


def _all(client: Any, operation: str, member: str, **request: Any) -> Iterator[Any]:
    """What all pages of the operation's answer list under `member`."""
    for page in client.get_paginator(operation).paginate(**request):
        yield from page[member]


def _load_balancers(running: Running, ports: dict[str, int]) -> list[Report]:
    client = _client(running, "elbv2")
    reports = []
    for each in _all(client, "describe_load_balancers", "LoadBalancers"):
        arn = each["LoadBalancerArn"]
        listeners = [
            {
                "port": listener["Port"],
                "url": f"{listener['Protocol'].lower()}://127.0.0.1:"
                f"{ports[listener['ListenerArn']]}/",
            }
            for listener in _all(client, "describe_listeners", "Listeners", LoadBalancerArn=arn)
            if listener["ListenerArn"] in ports
        ]
        address = f"{each['DNSName']}/"
        urls = [listener["url"] for listener in listeners if listener["url"].endswith(address)]
        reports.append(
            {
                "name": each["LoadBalancerName"],
                "url": next(iter(urls), f"http://{address}"),
                # The code, and a reason where it has one.
                "state": ": ".join(each["State"].values()),
                "listeners": listeners,
            }
        )
    return reports


def _target_groups(running: Running) -> list[Report]:
    client = _client(running, "elbv2")
    return [
        {
            "name": group["TargetGroupName"],
            "targets": [
                {
                    "id": row["Target"]["Id"],
                    "port": row["Target"]["Port"],
                    "state": row["TargetHealth"]["State"],
                    "reason": row["TargetHealth"].get("Reason"),
                }
                for row in client.describe_target_health(TargetGroupArn=group["TargetGroupArn"])[
                    "TargetHealthDescriptions"
                ]
            ],
        }
        for group in _all(client, "describe_target_groups", "TargetGroups")
    ]


def _instances(running: Running, facts: dict[str, Any]) -> list[Report]:
    reservations = _all(_client(running, "ec2"), "describe_instances", "Reservations")
    instances = [each for reservation in reservations for each in reservation["Instances"]]
    rows = []
    for instance in sorted(instances, key=lambda each: each["Placement"]["AvailabilityZone"]):
        fact = facts.get(instance["InstanceId"], {})
        rows.append(
            {
                "id": instance["InstanceId"],
                "availability_zone": instance["Placement"]["AvailabilityZone"],
                "state": instance["State"]["Name"],
                "pid": fact.get("pid"),
                "port": fact.get("port"),
                "log": fact.get("log_path"),
            }
        )
    return rows


def _table(headings: list[str], rows: list[list[Any]]) -> str:
    """Aligned columns; "" when there are no rows."""
    if not rows:
        return ""
    lines = [headings, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
