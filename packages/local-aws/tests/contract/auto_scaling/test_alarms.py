"""Scaling policies that alarms invoke, and the metrics of groups."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, activities, boot_all, described, later, turn
from botocore.exceptions import ClientError
from cloudwatch_driver import Clock, alarm, history, put, sums

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.scaling.adjustments import (
    Step,
    problem,
    step_for,
    tracked,
)


def capacity(asg: Any, name: str) -> int:
    return int(described(asg, name)["DesiredCapacity"])


def put_policy(asg: Any, group: str, name: str = "policy", **settings: Any) -> str:
    found = asg.put_scaling_policy(AutoScalingGroupName=group, PolicyName=name, **settings)
    return str(found["PolicyARN"])


ONE_MORE = {"AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1}
STEPS = {
    "PolicyType": "StepScaling",
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3},
    ],
}


def tracking(name: str, target: float, **more: Any) -> dict[str, Any]:
    metric = {"Namespace": "Tests", "MetricName": name, "Statistic": "Average"}
    return {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {
            "CustomizedMetricSpecification": metric,
            "TargetValue": target,
            **more,
        },
    }


@pytest.mark.parametrize(
    ("difference", "adjustment"), [(0, 1), (9.9, 1), (10, 3), (100, 3), (-1, None)]
)
def test_the_step_above_a_threshold(difference: float, adjustment: int | None) -> None:
    """EC2 Auto Scaling User Guide, "Step and simple scaling policies": the lower bound is
    inclusive above the threshold."""
    steps = [Step.of(each) for each in STEPS["StepAdjustments"]]  # type: ignore[arg-type] # a list
    found = step_for(steps, difference)
    assert (found.adjustment if found else None) == adjustment


@pytest.mark.parametrize(("difference", "adjustment"), [(0, -1), (-9.9, -1), (-10, -2), (1, None)])
def test_the_step_below_a_threshold(difference: float, adjustment: int | None) -> None:
    """EC2 Auto Scaling User Guide, "Step and simple scaling policies": the upper bound is
    inclusive below the threshold."""
    steps = [Step(-10, 0, -1), Step(-float("inf"), -10, -2)]
    found = step_for(steps, difference)
    assert (found.adjustment if found else None) == adjustment


def test_steps_that_do_not_fit_together() -> None:
    """EC2 Auto Scaling User Guide, "Step and simple scaling policies": ranges cannot overlap or
    have a gap."""
    assert problem([]) == "At least one StepAdjustment must be specified"
    assert "overlap" in str(problem([Step(0, 10, 1), Step(5, 20, 2)]))
    assert "gap" in str(problem([Step(0, 10, 1), Step(15, 20, 2)]))
    assert "upper bound" in str(problem([Step(10, 0, 1)]))
    assert problem([Step(10, math.inf, 2), Step(0, 10, 1)]) is None


def test_steps_leave_no_breach_out() -> None:
    """API_StepAdjustment: with a negative lower bound one step has none, with a positive upper
    bound one has none, and no step has neither. No recording of the words is known."""
    assert "lower bound when one is negative" in str(problem([Step(-10, 0, -1)]))
    assert "upper bound when one is positive" in str(problem([Step(0, 10, 1)]))
    assert "both bounds" in str(problem([Step(-math.inf, math.inf, 1)]))
    assert problem([Step(-math.inf, -10, -2), Step(-10, 0, -1), Step(0, math.inf, 1)]) is None


@pytest.mark.parametrize(
    ("present", "value", "expected"), [(2, 150, 3), (2, 100, 2), (4, 30, 2), (3, 201, 7)]
)
def test_the_capacity_that_a_target_needs(present: int, value: float, expected: int) -> None:
    """EC2 Auto Scaling User Guide, "Target tracking scaling policies": in proportion, rounded
    up."""
    assert tracked(present, value, 100) == expected


def test_an_alarm_scales_by_a_simple_policy(
    asg: Any, cloudwatch: Any, group: CreateGroup, facts: Facts
) -> None:
    """EC2 Auto Scaling User Guide, "Step and simple scaling policies", and its activity's cause;
    "Scaling cooldowns": an alarm waits for the cooldown."""
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    arn = put_policy(asg, name, **ONE_MORE)
    alarm(cloudwatch, name, AlarmActions=[arn])
    clock = Clock()
    put(cloudwatch, name, clock.ago(1), 9)
    clock.evaluate()
    assert capacity(asg, name) == 2
    later(facts, 0)
    cause = activities(asg, name)[0]["Cause"]
    assert (
        f"a monitor alarm {name} in state ALARM triggered policy policy changing the desired "
        "capacity from 1 to 2." in cause
    )
    put(cloudwatch, name, clock.ago(0), 9)
    clock.evaluate(minutes=1)  # in its cooldown
    assert capacity(asg, name) == 2
    (policy,) = asg.describe_policies(AutoScalingGroupName=name)["ScalingPolicies"]
    assert [each["AlarmName"] for each in policy["Alarms"]] == [name]


def test_an_alarm_goes_on_scaling_while_it_stays_in_its_state(
    asg: Any, cloudwatch: Any, group: CreateGroup
) -> None:
    """CloudWatch User Guide, "Alarm actions": for Auto Scaling the alarm invokes the action each
    minute that it remains in the state."""
    name = group(DesiredCapacity=1)
    arn = put_policy(asg, name, **ONE_MORE, Cooldown=0)
    alarm(cloudwatch, name, AlarmActions=[arn])
    clock = Clock()
    for minutes in (1, 0, -1):
        put(cloudwatch, name, clock.ago(minutes), 9)
    for minutes in (0.5, 0.6, 1.5, 1.7, 2.5):
        clock.evaluate(minutes=minutes)
    assert capacity(asg, name) == 4
    assert len(history(cloudwatch, name)) == 1


def test_steps_follow_how_far_a_metric_is_from_the_threshold(
    asg: Any, cloudwatch: Any, group: CreateGroup
) -> None:
    """EC2 Auto Scaling User Guide, "Step and simple scaling policies": while instances warm up, a
    higher step adds the difference only, and none scales in."""
    name = group(DesiredCapacity=1, MaxSize=9)
    up = put_policy(asg, name, "up", **STEPS, EstimatedInstanceWarmup=300)
    down_step = {"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}
    down = put_policy(asg, name, "down", **{**STEPS, "StepAdjustments": [down_step]})
    alarm(cloudwatch, name, AlarmActions=[up])
    low = {"MetricName": name, "ComparisonOperator": "LessThanThreshold"}
    alarm(cloudwatch, f"{name}-low", AlarmActions=[down], **low)
    clock = Clock()
    put(cloudwatch, name, clock.ago(1), 9)  # the threshold is 5
    clock.evaluate()
    assert capacity(asg, name) == 2
    put(cloudwatch, name, clock.ago(0), 25)
    clock.evaluate(minutes=1)
    assert capacity(asg, name) == 4
    put(cloudwatch, name, clock.ago(-1), 1)
    clock.evaluate(minutes=2)
    assert capacity(asg, name) == 4
    assert history(cloudwatch, f"{name}-low")[0].endswith("from OK to ALARM")


def test_steps_are_executed_with_a_metrics_value(asg: Any, group: CreateGroup) -> None:
    """API_ExecutePolicy: MetricValue and BreachThreshold are required for StepScaling only."""
    name = group(DesiredCapacity=1, MaxSize=9)
    put_policy(asg, name, **STEPS)
    call = {"AutoScalingGroupName": name, "PolicyName": "policy"}
    with pytest.raises(ClientError, match="MetricValue and BreachThreshold are required"):
        asg.execute_policy(**call)
    asg.execute_policy(**call, MetricValue=21, BreachThreshold=10)
    assert capacity(asg, name) == 4


def test_a_tracked_target_creates_two_alarms(asg: Any, cloudwatch: Any, group: CreateGroup) -> None:
    """EC2 Auto Scaling User Guide, "Target tracking scaling policies": Auto Scaling creates and
    manages the alarms, and deletes them with the policy."""
    name = group(DesiredCapacity=1)
    made = asg.put_scaling_policy(
        AutoScalingGroupName=name, PolicyName="track", **tracking(name, 100)
    )

    def alarms() -> list[dict[str, Any]]:
        names = [each["AlarmName"] for each in made["Alarms"]]
        found = cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]
        return sorted(found, key=lambda each: str(each["AlarmName"]))

    high, low = alarms()
    assert high["AlarmName"].startswith(f"TargetTracking-{name}-AlarmHigh-")
    assert low["AlarmName"].startswith(f"TargetTracking-{name}-AlarmLow-")
    assert [each["Threshold"] for each in (high, low)] == [100, 90]
    assert [each["EvaluationPeriods"] for each in (high, low)] == [3, 15]
    assert high["AlarmActions"] == [made["PolicyARN"]]
    asg.put_scaling_policy(AutoScalingGroupName=name, PolicyName="track", **tracking(name, 50))
    assert [each["Threshold"] for each in alarms()] == [50, 45]
    asg.delete_policy(AutoScalingGroupName=name, PolicyName="track")
    assert alarms() == []
    put_policy(asg, name, "track", **tracking(name, 100))
    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    left = cloudwatch.describe_alarms(AlarmNamePrefix=f"TargetTracking-{name}-")
    assert left["MetricAlarms"] == []


def test_a_tracked_target_scales_out_and_in(
    asg: Any, cloudwatch: Any, group: CreateGroup, facts: Facts
) -> None:
    """EC2 Auto Scaling User Guide, "Target tracking scaling policies"."""
    name = group(DesiredCapacity=2, MaxSize=9)
    boot_all(asg, name, facts)
    put_policy(asg, name, **tracking(name, 100), EstimatedInstanceWarmup=0)
    clock = Clock()
    for minutes in (3, 2, 1):
        put(cloudwatch, name, clock.ago(minutes), 190)
    clock.evaluate()
    assert capacity(asg, name) == 4
    turn(facts)
    boot_all(asg, name, facts)
    for minutes in range(20):
        put(cloudwatch, name, clock.ago(-minutes), 40)
    clock.evaluate(minutes=15)
    assert capacity(asg, name) == 2


def test_a_tracked_target_that_does_not_scale_in(
    asg: Any, cloudwatch: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_TargetTrackingConfiguration: DisableScaleIn."""
    name = group(DesiredCapacity=3)
    boot_all(asg, name, facts)
    put_policy(asg, name, **tracking(name, 100, DisableScaleIn=True))
    clock = Clock()
    for minutes in range(1, 16):
        put(cloudwatch, name, clock.ago(minutes), 10)
    clock.evaluate()
    assert capacity(asg, name) == 3


def test_requests_per_target_are_tracked_of_an_attached_target_group(
    aws: Any, asg: Any, cloudwatch: Any, group: CreateGroup, target_group: str
) -> None:
    """API_PredefinedMetricSpecification: ResourceLabel of ALBRequestCountPerTarget."""
    elbv2 = aws("elbv2")
    found = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]
    balancer = found["LoadBalancerArns"][0].partition(":loadbalancer/")[2]
    suffix = target_group.rpartition(":")[2]
    name = group(DesiredCapacity=1)

    def request(label: str) -> dict[str, Any]:
        metric = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": label}
        return {
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingConfiguration": {
                "PredefinedMetricSpecification": metric,
                "TargetValue": 10,
            },
        }

    with pytest.raises(ClientError, match="attached to the Auto Scaling group"):
        put_policy(asg, name, **request(f"{balancer}/{suffix}"))
    asg.attach_load_balancer_target_groups(
        AutoScalingGroupName=name, TargetGroupARNs=[target_group]
    )
    for wrong in (suffix, f"{balancer}/{suffix}0", f"app/other/1/{suffix}"):
        with pytest.raises(ClientError, match="ResourceLabel"):
            put_policy(asg, name, **request(wrong))
    put_policy(asg, name, **request(f"{balancer}/{suffix}"))
    (high,) = cloudwatch.describe_alarms(AlarmNamePrefix=f"TargetTracking-{name}-AlarmHigh")[
        "MetricAlarms"
    ]
    assert (high["MetricName"], high["Statistic"]) == ("RequestCountPerTarget", "Sum")
    assert {each["Name"]: each["Value"] for each in high["Dimensions"]} == {
        "TargetGroup": suffix,
        "LoadBalancer": balancer,
    }


def test_a_group_that_alarms_may_not_scale(asg: Any, cloudwatch: Any, group: CreateGroup) -> None:
    """EC2 Auto Scaling User Guide, "Suspend and resume processes": AlarmNotification;
    API_PutScalingPolicy: Enabled."""
    name = group(DesiredCapacity=1)
    arn = put_policy(asg, name, **ONE_MORE, Enabled=False)
    alarm(cloudwatch, name, AlarmActions=[arn])
    trip = {"AlarmName": name, "StateReason": "by hand"}
    cloudwatch.set_alarm_state(**trip, StateValue="ALARM")
    put_policy(asg, name, **ONE_MORE)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AlarmNotification"])
    cloudwatch.set_alarm_state(**trip, StateValue="OK")
    cloudwatch.set_alarm_state(**trip, StateValue="ALARM")
    assert capacity(asg, name) == 1
    asg.resume_processes(AutoScalingGroupName=name)
    cloudwatch.set_alarm_state(**trip, StateValue="OK")
    cloudwatch.set_alarm_state(**trip, StateValue="ALARM")
    assert capacity(asg, name) == 2


def test_a_state_that_is_set_says_how_far_to_scale(
    asg: Any, cloudwatch: Any, group: CreateGroup
) -> None:
    """API_SetAlarmState, StateReasonData: "the Auto Scaling policy uses the information in this
    field to take the correct action"."""
    name = group(DesiredCapacity=1, MaxSize=9)
    alarm(cloudwatch, name, AlarmActions=[put_policy(asg, name, **STEPS)])
    trip = {"AlarmName": name, "StateValue": "ALARM", "StateReason": "by hand"}
    data = json.dumps({"recentDatapoints": [1.0, 17.0]})
    cloudwatch.set_alarm_state(**trip, StateReasonData=data)
    assert capacity(asg, name) == 4


def test_policies_of_two_groups_may_have_one_name(
    asg: Any, group: CreateGroup, unique_name: str
) -> None:
    """API_PutScalingPolicy: a policy belongs to its group."""
    name = group(DesiredCapacity=1)
    other = f"{unique_name}-other"
    template = described(asg, name)["LaunchTemplate"]
    asg.create_auto_scaling_group(
        AutoScalingGroupName=other,
        LaunchTemplate={
            "LaunchTemplateId": template["LaunchTemplateId"],
            "Version": template["Version"],
        },
        MinSize=0,
        MaxSize=3,
        AvailabilityZones=["us-east-1a"],
    )
    put_policy(asg, name, "same", **ONE_MORE)
    put_policy(asg, other, "same", AdjustmentType="ExactCapacity", ScalingAdjustment=2)
    asg.execute_policy(AutoScalingGroupName=other, PolicyName="same")
    assert (capacity(asg, name), capacity(asg, other)) == (1, 2)
    asg.delete_policy(AutoScalingGroupName=other, PolicyName="same")
    (left,) = asg.describe_policies(PolicyNames=["same"])["ScalingPolicies"]
    assert left["AutoScalingGroupName"] == name
    with pytest.raises(ClientError, match="No policy found"):
        asg.delete_policy(AutoScalingGroupName=other, PolicyName="same")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"AdjustmentType": "Much", "ScalingAdjustment": 1}, "AdjustmentType Much is invalid"),
        ({"AdjustmentType": "ExactCapacity"}, "ScalingAdjustment is required"),
        ({**STEPS, "StepAdjustments": []}, "At least one StepAdjustment"),
        ({**STEPS, "Cooldown": 10}, "cannot be specified for policy type StepScaling"),
        ({"PolicyType": "TargetTrackingScaling"}, "TargetTrackingConfiguration is required"),
        ({"PolicyType": "PredictiveScaling"}, "Predictive scaling is not emulated"),
        ({"PolicyType": "Magic"}, "PolicyType Magic is invalid"),
        (tracking("m", 0), "TargetValue must be greater than 0"),
        (
            {"AdjustmentType": "ExactCapacity", "ScalingAdjustment": -1},
            "ScalingAdjustment must not be negative for ExactCapacity",
        ),
        (
            {**ONE_MORE, "MinAdjustmentMagnitude": 2},
            "MinAdjustmentMagnitude is not supported by the specified adjustment type",
        ),
        ({**ONE_MORE, "EstimatedInstanceWarmup": 2}, "EstimatedInstanceWarmup cannot be specified"),
        ({**ONE_MORE, "MetricAggregationType": "Average"}, "MetricAggregationType cannot be"),
        ({**ONE_MORE, "StepAdjustments": STEPS["StepAdjustments"]}, "StepAdjustments cannot be"),
        ({**STEPS, "MetricAggregationType": "Sum"}, "MetricAggregationType Sum is invalid"),
    ],
)
def test_what_a_policy_cannot_be(
    asg: Any, group: CreateGroup, settings: dict[str, Any], message: str
) -> None:
    """API_PutScalingPolicy: what each type needs, and what is valid for some types only. The words
    for a magnitude are AWS's, as another cloud has them; no recording of the others is known."""
    name = group(DesiredCapacity=1)
    with pytest.raises(ClientError, match=message):
        put_policy(asg, name, **settings)
    assert asg.describe_policies(AutoScalingGroupName=name)["ScalingPolicies"] == []


def test_metrics_of_a_group_that_collects_them(
    asg: Any, cloudwatch: Any, group: CreateGroup, facts: Facts
) -> None:
    """EC2 Auto Scaling User Guide, "Amazon CloudWatch metrics for Amazon EC2 Auto Scaling";
    API_EnableMetricsCollection and API_DisableMetricsCollection: without metrics it is all of
    them."""
    name = group(DesiredCapacity=3)
    of_group = {"AutoScalingGroupName": name}

    def values(metric: str) -> list[float]:
        return sums(cloudwatch, "AWS/AutoScaling", metric, of_group, "Maximum")[:1]

    assert values("GroupDesiredCapacity") == []
    asg.enable_metrics_collection(**of_group, Granularity="1Minute")
    assert len(described(asg, name)["EnabledMetrics"]) == 21
    boot_all(asg, name, facts)
    assert values("GroupDesiredCapacity") == [3]
    assert values("GroupInServiceInstances") == [3]
    assert values("GroupTotalInstances") == [3]
    assert values("GroupTerminatingInstances") == [0]
    asg.disable_metrics_collection(**of_group, Metrics=["GroupMinSize"])
    assert len(described(asg, name)["EnabledMetrics"]) == 20
    asg.disable_metrics_collection(**of_group)
    assert described(asg, name)["EnabledMetrics"] == []
    for wrong in ({"Granularity": "1Hour"}, {"Granularity": "1Minute", "Metrics": ["Size"]}):
        with pytest.raises(ClientError, match=r"invalid|Invalid"):
            asg.enable_metrics_collection(**of_group, **wrong)
