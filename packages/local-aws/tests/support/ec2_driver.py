"""Read an instance through EC2's API."""

from __future__ import annotations

from typing import Any


def instance_state(ec2: Any, instance_id: str) -> str:
    """The name of the instance's state, "running" for example; `ec2` is a client of boto3's."""
    found = ec2.describe_instances(InstanceIds=[instance_id])
    name: str = found["Reservations"][0]["Instances"][0]["State"]["Name"]
    return name
