"""MaxInstanceLifetime: who has been in service for too long is replaced.

Source: "Replace Auto Scaling instances based on maximum instance lifetime" in the User Guide.
"""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    boot_all,
    described,
    end,
    instances,
    later,
)
from botocore.exceptions import ClientError
from stack_driver import StackDriver

from local_aws.contract.facts import Facts

DAY = 86_400
REFUSED = r"ValidationError.*MaxInstanceLifetime"


pytestmark = pytest.mark.usefixtures("no_waiting")


def in_service(asg: Any, name: str, facts: Facts) -> set[str]:
    """The group's instances, once those that leave have ended and those that come have booted."""
    for instance_id in instances(asg, name, "Terminating"):
        end(facts, instance_id)
    boot_all(asg, name, facts)
    return set(instances(asg, name))


def test_the_overdue_are_replaced_one_at_a_time(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """Auto Scaling User Guide, "maximum instance lifetime": one at a time, with a pause."""
    name = group(MaxInstanceLifetime=DAY)
    first = in_service(asg, name, facts)
    later(facts, DAY - 60)
    assert set(instances(asg, name)) == first

    for left in (2, 1, 0):
        later(facts, DAY + 1)
        assert len(first & set(instances(asg, name))) == left
        assert len(in_service(asg, name, facts)) == 3  # the new one is a day younger
    causes = [
        each["Cause"] for each in activities(asg, name) if "Terminating" in each["Description"]
    ]
    assert len(causes) == 3
    assert all("the group's maximum instance lifetime" in cause for cause in causes)


def test_a_tenth_of_a_large_group_goes_at_once(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """Auto Scaling User Guide, "maximum instance lifetime": up to 10 % of the capacity."""
    name = group(MaxSize=20, DesiredCapacity=20, MaxInstanceLifetime=DAY)
    first = in_service(asg, name, facts)
    later(facts, DAY + 1)
    assert len(first & set(instances(asg, name))) == 18


def test_who_is_protected_from_scale_in_stays(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """Auto Scaling User Guide, "maximum instance lifetime": scale-in protection."""
    name = group(DesiredCapacity=2, MaxInstanceLifetime=DAY)
    kept, gone = in_service(asg, name, facts)
    asg.set_instance_protection(
        AutoScalingGroupName=name, InstanceIds=[kept], ProtectedFromScaleIn=True
    )
    for _ in range(3):
        later(facts, DAY + 1)
        in_service(asg, name, facts)
    assert kept in instances(asg, name)
    assert gone not in instances(asg, name)


@pytest.mark.parametrize("process", ["Launch", "Terminate"])
def test_nobody_goes_while_replacing_is_suspended(
    asg: Any, group: CreateGroup, facts: Facts, process: str
) -> None:
    """Auto Scaling User Guide, "Suspend and resume processes"."""
    name = group(MaxInstanceLifetime=DAY)
    first = in_service(asg, name, facts)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=[process])
    later(facts, DAY + 1)
    assert set(instances(asg, name)) == first


def test_the_lifetime_is_shown_changed_and_cleared(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_UpdateAutoScalingGroup: 0 clears it; what is not given stays."""
    name = group(MaxInstanceLifetime=DAY)
    assert described(asg, name)["MaxInstanceLifetime"] == DAY
    asg.update_auto_scaling_group(AutoScalingGroupName=name, DefaultCooldown=1)
    assert described(asg, name)["MaxInstanceLifetime"] == DAY
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxInstanceLifetime=0)
    assert "MaxInstanceLifetime" not in described(asg, name)

    first = in_service(asg, name, facts)
    later(facts, DAY + 1)
    assert set(instances(asg, name)) == first


@pytest.mark.parametrize("seconds", [1, DAY - 1, 31_536_001])
def test_a_lifetime_is_a_day_at_least_and_a_year_at_most(
    asg: Any, group: CreateGroup, seconds: int
) -> None:
    """API_CreateAutoScalingGroup, MaxInstanceLifetime."""
    with pytest.raises(ClientError, match=REFUSED):
        group(MaxInstanceLifetime=seconds)
    name = group()
    with pytest.raises(ClientError, match=REFUSED):
        asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxInstanceLifetime=seconds)


def test_a_stack_gives_its_group_a_lifetime_and_takes_it_away(
    asg: Any, stacks: StackDriver, unique_name: str, launch_template: str
) -> None:
    """AWS::AutoScaling::AutoScalingGroup, MaxInstanceLifetime: "no interruption"."""

    def template(**properties: Any) -> dict[str, Any]:
        launch = {"LaunchTemplateId": launch_template, "Version": "1"}
        common = {"MinSize": "0", "MaxSize": "1", "AvailabilityZones": ["us-east-1a"]}
        return {
            "Resources": {
                "Group": {
                    "Type": "AWS::AutoScaling::AutoScalingGroup",
                    "Properties": {**common, "LaunchTemplate": launch, **properties},
                }
            }
        }

    stacks.create(unique_name, template())
    name = stacks.physical_id(unique_name, "Group")
    stacks.update(unique_name, template(MaxInstanceLifetime=DAY))
    assert described(asg, name)["MaxInstanceLifetime"] == DAY
    stacks.update(unique_name, template())
    assert "MaxInstanceLifetime" not in described(asg, name)
