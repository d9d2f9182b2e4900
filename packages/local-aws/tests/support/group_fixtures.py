"""Fixtures: Auto Scaling groups, and what they are made of."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup
from client_fixtures import AwsClient

from local_aws.control_plane.ec2.instances import instance_states


@pytest.fixture(scope="module")
def default_vpc(ec2: Any) -> str:
    """The id of the default VPC."""
    [vpc] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpc["VpcId"])


@pytest.fixture(scope="module")
def subnets(ec2: Any) -> dict[str, str]:
    """The default VPC's subnets in three zones: the id by Availability Zone."""
    default = [{"Name": "default-for-az", "Values": ["true"]}]
    found = ec2.describe_subnets(Filters=default)["Subnets"]
    by_zone = {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in found}
    return {zone: by_zone[zone] for zone in ("us-east-1a", "us-east-1b", "us-east-1c")}


@pytest.fixture
def launch_template(aws: AwsClient, unique_name: str) -> str:
    """The id of a launch template with one version."""
    template = aws("ec2").create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"},
    )
    template_id: str = template["LaunchTemplate"]["LaunchTemplateId"]
    return template_id


@pytest.fixture
def group(asg: Any, unique_name: str, launch_template: str, subnets: dict[str, str]) -> CreateGroup:
    """Creates a group of three in three zones; keywords change the request, None leaves out."""

    def create(**changes: Any) -> str:
        request = {
            "MinSize": 0,
            "MaxSize": 6,
            "DesiredCapacity": 3,
            "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "$Latest"},
            "VPCZoneIdentifier": ",".join(subnets.values()),
            **changes,
        }
        asg.create_auto_scaling_group(
            AutoScalingGroupName=unique_name,
            **{name: value for name, value in request.items() if value is not None},
        )
        return unique_name

    return create


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instances end with the turn in which nothing of them runs any more; none serves on."""
    monkeypatch.setattr(instance_states, "SHUTDOWN_SECONDS", 0.0)
