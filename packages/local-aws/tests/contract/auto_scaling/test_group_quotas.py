"""How many things one group may have.

Source: "Quotas for Auto Scaling resources and groups" in the Amazon EC2 Auto Scaling User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, described
from botocore.exceptions import ClientError

_LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
_STEPS = [
    {"MetricIntervalLowerBound": n, "MetricIntervalUpperBound": n + 1, "ScalingAdjustment": n}
    for n in range(20)
]


@pytest.fixture
def fifty_one(aws: Any, default_vpc: str) -> Iterator[list[str]]:
    """The ARNs of so many target groups."""
    elbv2 = aws("elbv2")
    arns = [
        elbv2.create_target_group(
            Name=f"quota-{number}", Protocol="HTTP", Port=80, VpcId=default_vpc
        )["TargetGroups"][0]["TargetGroupArn"]
        for number in range(51)
    ]
    yield arns
    for arn in arns:
        elbv2.delete_target_group(TargetGroupArn=arn)


def test_a_group_has_at_most_50_target_groups(
    asg: Any, group: CreateGroup, fifty_one: list[str]
) -> None:
    """zalando-incubator/kube-ingress-aws-controller issue 444 has the words."""
    words = r"ValidationError.*Too many Target Groups specified for this group\. The limit is 50"
    with pytest.raises(ClientError, match=words):
        group(DesiredCapacity=0, TargetGroupARNs=fifty_one)
    name = group(DesiredCapacity=0, TargetGroupARNs=fifty_one[:50])

    with pytest.raises(ClientError, match=words):
        asg.attach_load_balancer_target_groups(
            AutoScalingGroupName=name, TargetGroupARNs=fifty_one[50:]
        )
    with pytest.raises(ClientError, match=words):
        asg.attach_traffic_sources(
            AutoScalingGroupName=name, TrafficSources=[{"Identifier": fifty_one[50]}]
        )
    asg.attach_load_balancer_target_groups(  # it has this one already
        AutoScalingGroupName=name, TargetGroupARNs=fifty_one[:1]
    )
    assert described(asg, name)["TargetGroupARNs"] == fifty_one[:50]


def test_a_group_has_at_most_50_lifecycle_hooks(asg: Any, group: CreateGroup) -> None:
    """API_PutLifecycleHook, errors: LimitExceeded."""
    hooks = [
        {"LifecycleHookName": f"hook-{number}", "LifecycleTransition": _LAUNCHING}
        for number in range(51)
    ]
    with pytest.raises(ClientError, match=r"LimitExceeded.*at most 50 lifecycle hooks"):
        group(DesiredCapacity=0, LifecycleHookSpecificationList=hooks)
    name = group(DesiredCapacity=0, LifecycleHookSpecificationList=hooks[:50])

    with pytest.raises(ClientError, match="LimitExceeded"):
        asg.put_lifecycle_hook(AutoScalingGroupName=name, **hooks[50])
    asg.put_lifecycle_hook(AutoScalingGroupName=name, **hooks[49], HeartbeatTimeout=60)
    assert len(asg.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]) == 50


def test_a_group_has_at_most_125_scheduled_actions(asg: Any, group: CreateGroup) -> None:
    """API_PutScheduledUpdateGroupAction, errors: LimitExceeded."""
    named = {"AutoScalingGroupName": group(DesiredCapacity=0)}
    actions = [
        {"ScheduledActionName": f"action-{number}", "Recurrence": "0 5 * * *", "MinSize": 0}
        for number in range(126)
    ]
    put = asg.batch_put_scheduled_update_group_action
    for start in (0, 50):
        put(**named, ScheduledUpdateGroupActions=actions[start : start + 50])

    answer = put(**named, ScheduledUpdateGroupActions=actions[100:])

    (failed,) = answer["FailedScheduledUpdateGroupActions"]
    assert (failed["ScheduledActionName"], failed["ErrorCode"]) == ("action-125", "LimitExceeded")
    asg.put_scheduled_update_group_action(**named, **{**actions[0], "MinSize": 1})


def test_a_group_has_at_most_50_scaling_policies_of_20_steps(asg: Any, group: CreateGroup) -> None:
    """API_PutScalingPolicy, errors: LimitExceeded."""
    policy = {
        "AutoScalingGroupName": group(DesiredCapacity=0),
        "PolicyType": "StepScaling",
        "AdjustmentType": "ChangeInCapacity",
    }
    last = {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 20}
    with pytest.raises(ClientError, match="at most 20 StepAdjustments"):
        asg.put_scaling_policy(**policy, PolicyName="steps", StepAdjustments=[*_STEPS, last])
    steps = [*_STEPS[:19], {**last, "MetricIntervalLowerBound": 19}]
    for number in range(50):
        asg.put_scaling_policy(**policy, PolicyName=f"policy-{number}", StepAdjustments=steps)

    with pytest.raises(ClientError, match=r"LimitExceeded.*at most 50 scaling policies"):
        asg.put_scaling_policy(**policy, PolicyName="one-more", StepAdjustments=steps)
    asg.put_scaling_policy(**policy, PolicyName="policy-0", StepAdjustments=steps)
