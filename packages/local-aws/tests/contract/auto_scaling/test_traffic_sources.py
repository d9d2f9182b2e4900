"""Traffic sources: target groups and Classic Load Balancers under one name."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, boot_all, described, instances, targets
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts


def test_a_target_group_is_attached_and_detached_as_a_traffic_source(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """API_AttachTrafficSources, API_DetachTrafficSources: like the calls that they supersede."""
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    source = {"Identifier": target_group, "Type": "elbv2"}

    asg.attach_traffic_sources(AutoScalingGroupName=name, TrafficSources=[source])
    assert described(asg, name)["TargetGroupARNs"] == [target_group]
    assert described(asg, name)["TrafficSources"] == [source]
    assert list(targets(aws, target_group)) == instances(asg, name)
    (shown,) = asg.describe_traffic_sources(AutoScalingGroupName=name)["TrafficSources"]
    assert (shown["Identifier"], shown["Type"]) == (target_group, "elbv2")

    asg.detach_traffic_sources(
        AutoScalingGroupName=name, TrafficSources=[{"Identifier": target_group}]
    )
    assert described(asg, name)["TargetGroupARNs"] == []
    assert set(targets(aws, target_group).values()) == {"draining"}


def test_a_classic_load_balancer_is_one_too(asg: Any, group: CreateGroup, classic: str) -> None:
    """API_TrafficSourceIdentifier: of the type elb it is a name."""
    name = group(DesiredCapacity=0)
    source = {"Identifier": classic, "Type": "elb"}

    asg.attach_traffic_sources(AutoScalingGroupName=name, TrafficSources=[source])

    assert described(asg, name)["LoadBalancerNames"] == [classic]
    found = asg.describe_traffic_sources(AutoScalingGroupName=name, TrafficSourceType="elbv2")
    assert found["TrafficSources"] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"Identifier": "arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1"}, "Lattice"),
        ({"Identifier": "x", "Type": "vpc-lattice"}, "VPC Lattice are not emulated"),
        ({"Identifier": "x", "Type": "nlb"}, "Invalid traffic source type nlb"),
        ({"Identifier": "x"}, "Provided Load Balancers may not be valid"),
    ],
    ids=["lattice ARN", "lattice", "no type", "not there"],
)
def test_a_traffic_source_that_cannot_be(
    asg: Any, group: CreateGroup, source: dict[str, str], words: str
) -> None:
    """The same; VPC Lattice is refused by name."""
    name = group(DesiredCapacity=0)
    with pytest.raises(ClientError, match=words):
        asg.attach_traffic_sources(AutoScalingGroupName=name, TrafficSources=[source])
