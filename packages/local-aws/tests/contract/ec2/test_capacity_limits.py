"""Dedicated Hosts, Spot Instances and fleets: how many one may ask for, and of what."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

TOO_MANY = 10**9
ROLE = "arn:aws:iam::123456789012:role/fleet"


def test_hosts_and_spot_instances_have_limits(aws: Any) -> None:
    """EC2's error codes: HostLimitExceeded, MaxSpotInstanceCountExceeded."""
    ec2 = aws("ec2")
    with pytest.raises(ClientError, match="HostLimitExceeded"):
        ec2.allocate_hosts(
            AvailabilityZone="us-east-1a", InstanceType="m5.large", Quantity=TOO_MANY
        )
    with pytest.raises(ClientError, match="MaxSpotInstanceCountExceeded"):
        ec2.request_spot_instances(
            InstanceCount=TOO_MANY, LaunchSpecification={"ImageId": "ami-12c6146b"}
        )
    launch = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    fleet = {"IamFleetRole": ROLE, "AllocationStrategy": "diversified", "TargetCapacity": TOO_MANY}
    with pytest.raises(ClientError, match="MaxSpotInstanceCountExceeded"):
        ec2.request_spot_fleet(SpotFleetRequestConfig={**fleet, "LaunchSpecifications": [launch]})
    with pytest.raises(ClientError, match="InvalidSpotFleetRequestConfig"):
        ec2.request_spot_fleet(SpotFleetRequestConfig={**fleet, "TargetCapacity": 1})
    assert ec2.describe_spot_instance_requests()["SpotInstanceRequests"] == []
    assert ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"] == []


def test_a_spot_fleet_has_no_negative_capacity(aws: Any) -> None:
    """EC2's error codes: InvalidSpotFleetRequestId.NotFound, InvalidParameterValue."""
    ec2 = aws("ec2")
    with pytest.raises(ClientError, match=r"InvalidSpotFleetRequestId\.NotFound"):
        ec2.modify_spot_fleet_request(SpotFleetRequestId="sfr-none", TargetCapacity=1)
    launch = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    fleet = ec2.request_spot_fleet(
        SpotFleetRequestConfig={
            "IamFleetRole": ROLE,
            "AllocationStrategy": "lowestPrice",
            "LaunchSpecifications": [launch],
            "TargetCapacity": 1,
        }
    )["SpotFleetRequestId"]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        ec2.modify_spot_fleet_request(SpotFleetRequestId=fleet, TargetCapacity=-1)
    ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[fleet], TerminateInstances=True)


@pytest.mark.parametrize("kind", ["spot", "on-demand"])
def test_a_fleet_needs_a_launch_template(aws: Any, kind: str) -> None:
    """EC2's error codes: InvalidFleetConfig."""
    named = {"LaunchTemplateSpecification": {"Version": "1"}}
    capacity = {"TotalTargetCapacity": 1, "DefaultTargetCapacityType": kind}
    both = {"SpotTargetCapacity": 1, "OnDemandTargetCapacity": 1}
    with pytest.raises(ClientError, match="InvalidFleetConfig"):
        aws("ec2").create_fleet(
            LaunchTemplateConfigs=[named],
            TargetCapacitySpecification={**capacity, **both},
            SpotOptions={"AllocationStrategy": "diversified"},
        )
    assert aws("ec2").describe_fleets()["Fleets"] == []
