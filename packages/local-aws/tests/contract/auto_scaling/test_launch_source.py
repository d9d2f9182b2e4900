"""What a group launches: mixed instances policies, and what of a group is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, described, instances, new_version
from botocore.exceptions import ClientError


def policy(launch_template: str, *types: str, **distribution: Any) -> dict[str, Any]:
    return {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {
                "LaunchTemplateId": launch_template,
                "Version": "$Latest",
            },
            "Overrides": [{"InstanceType": name} for name in types],
        },
        "InstancesDistribution": distribution,
    }


def launched_types(asg: Any, name: str) -> list[str]:
    return [each["InstanceType"] for each in described(asg, name)["Instances"]]


def test_the_first_override_s_type_is_launched_from_the_policy_s_template(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html"""
    aws("ec2").create_key_pair(KeyName=launch_template)
    new_version(aws, launch_template, KeyName=launch_template)
    mixed = policy(launch_template, "c5.large", "c5a.large")
    name = group(LaunchTemplate=None, MixedInstancesPolicy=mixed, DesiredCapacity=2)

    assert launched_types(asg, name) == ["c5.large", "c5.large"]
    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    assert {each["Instances"][0]["KeyName"] for each in found} == {launch_template}
    assert "LaunchTemplate" not in described(asg, name)
    assert described(asg, name)["Instances"][0]["LaunchTemplate"]["Version"] == "2"


def test_without_overrides_the_template_s_type_is_launched(
    asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplate.html"""
    name = group(
        LaunchTemplate=None, MixedInstancesPolicy=policy(launch_template), DesiredCapacity=1
    )

    assert launched_types(asg, name) == ["t3.micro"]


def test_a_policy_stays_when_another_setting_is_changed_and_goes_with_a_template(
    asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html"""
    mixed = policy(launch_template, "c5.large")
    name = group(LaunchTemplate=None, MixedInstancesPolicy=mixed, DesiredCapacity=1)

    asg.update_auto_scaling_group(AutoScalingGroupName=name, DesiredCapacity=2)
    assert launched_types(asg, name) == ["c5.large", "c5.large"]

    asg.update_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"},
        DesiredCapacity=3,
    )
    assert sorted(launched_types(asg, name)) == ["c5.large", "c5.large", "t3.micro"]
    assert "MixedInstancesPolicy" not in described(asg, name)


def test_an_instance_of_another_type_is_out_of_date(
    asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh-skip-matching.html"""
    mixed = policy(launch_template, "c5.large")
    name = group(LaunchTemplate=None, MixedInstancesPolicy=mixed, DesiredCapacity=1)
    before = instances(asg, name)

    asg.start_instance_refresh(AutoScalingGroupName=name, Preferences={"SkipMatching": True})
    assert instances(asg, name) == before

    changed = policy(launch_template, "m5.large")
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MixedInstancesPolicy=changed)
    asg.start_instance_refresh(AutoScalingGroupName=name, Preferences={"SkipMatching": True})
    assert launched_types(asg, name) == ["m5.large"]


@pytest.mark.parametrize(
    ("overrides", "distribution", "said"),
    [
        ([{"InstanceType": "c5.large", "WeightedCapacity": "2"}], {}, "WeightedCapacity"),
        (
            [{"InstanceRequirements": {"VCpuCount": {"Min": 1}, "MemoryMiB": {"Min": 1}}}],
            {},
            "InstanceRequirements",
        ),
        ([], {"OnDemandPercentageAboveBaseCapacity": 50}, "OnDemandPercentageAboveBaseCapacity"),
        ([], {"OnDemandAllocationStrategy": "lowest-price"}, "OnDemandAllocationStrategy"),
    ],
)
def test_what_needs_spot_capacity_prices_or_weights_is_refused_by_name(
    asg: Any,
    group: CreateGroup,
    launch_template: str,
    overrides: list[dict[str, Any]],
    distribution: dict[str, Any],
    said: str,
) -> None:
    """There is no Spot market here: to launch On-Demand Instances instead would mislead."""
    mixed = policy(launch_template, **distribution)
    mixed["LaunchTemplate"]["Overrides"] = overrides

    with pytest.raises(ClientError, match=f"ValidationError.*{said}.* is not emulated"):
        group(LaunchTemplate=None, MixedInstancesPolicy=mixed)

    name = group()
    with pytest.raises(ClientError, match=f"ValidationError.*{said}.* is not emulated"):
        asg.update_auto_scaling_group(AutoScalingGroupName=name, MixedInstancesPolicy=mixed)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DesiredCapacityType", "vcpu"),
        ("AvailabilityZoneDistribution", {"CapacityDistributionStrategy": "balanced-only"}),
        ("AvailabilityZoneImpairmentPolicy", {"ZonalShiftEnabled": True}),
        ("CapacityRebalance", True),
        ("CapacityReservationSpecification", {"CapacityReservationPreference": "none"}),
    ],
)
def test_a_setting_of_a_group_that_has_no_effect_here_is_refused_by_name(
    asg: Any, group: CreateGroup, setting: str, value: Any
) -> None:
    """moto drops it, and the group would behave otherwise than its settings say."""
    with pytest.raises(ClientError, match=f"ValidationError.*{setting}"):
        group(**{setting: value})

    name = group()
    with pytest.raises(ClientError, match=f"ValidationError.*{setting}"):
        asg.update_auto_scaling_group(AutoScalingGroupName=name, **{setting: value})


def test_a_warm_pool_is_refused_by_name(asg: Any, group: CreateGroup) -> None:
    """moto keeps its configuration, and no instance is ever in it."""
    name = group()

    with pytest.raises(ClientError, match="Warm pools are not emulated"):
        asg.put_warm_pool(AutoScalingGroupName=name)
    assert asg.describe_warm_pool(AutoScalingGroupName=name)["Instances"] == []


def test_a_launch_configuration_takes_a_launch_template_s_place(
    asg: Any, group: CreateGroup, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html"""
    asg.create_launch_configuration(
        LaunchConfigurationName=unique_name, ImageId="ami-12c6146b", InstanceType="t2.nano"
    )
    name = group(DesiredCapacity=1)

    asg.update_auto_scaling_group(
        AutoScalingGroupName=name, LaunchConfigurationName=unique_name, DesiredCapacity=2
    )

    assert sorted(launched_types(asg, name)) == ["t2.nano", "t3.micro"]


@pytest.mark.parametrize("named", [(), ("LaunchTemplateId", "LaunchTemplateName")])
def test_a_launch_template_is_named_by_its_id_or_by_its_name(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, named: tuple[str, ...]
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html"""
    [found] = aws("ec2").describe_launch_templates(LaunchTemplateIds=[launch_template])[
        "LaunchTemplates"
    ]
    wrong = {**{key: found[key] for key in named}, "Version": "1"}
    words = "must contain either launchTemplateId or LaunchTemplateName"

    with pytest.raises(ClientError, match=words):
        group(LaunchTemplate=wrong)
    with pytest.raises(ClientError, match=words):
        asg.update_auto_scaling_group(AutoScalingGroupName=group(), LaunchTemplate=wrong)
