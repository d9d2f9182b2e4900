"""Alarms and scaling policies in stacks, and alarms that roll a stack back."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from auto_scaling_driver import described as group_of
from botocore.exceptions import ClientError
from cloudwatch_driver import Clock, alarm, described, put
from stack_driver import StackDriver, parameter, waiting

GROUP = {
    "Template": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {"LaunchTemplateData": {"ImageId": "ami-12c6146b"}},
    },
    "Group": {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "0",
            "MaxSize": "5",
            "AvailabilityZones": ["us-east-1a"],
            "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"},
            "MetricsCollection": [{"Granularity": "1Minute", "Metrics": ["GroupDesiredCapacity"]}],
        },
    },
}


def policy(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::AutoScaling::ScalingPolicy",
        "Properties": {"AutoScalingGroupName": {"Ref": "Group"}, **properties},
    }


def stack_alarm(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "Tests",
            "MetricName": {"Ref": "AWS::StackName"},
            "Statistic": "Average",
            "Period": "60",
            "EvaluationPeriods": "1",
            "Threshold": "5",
            "ComparisonOperator": "GreaterThanThreshold",
            **properties,
        },
    }


ONE_MORE = {"AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": "1"}


def test_an_alarm_of_a_stack_scales_its_group(
    stacks: StackDriver, asg: Any, cloudwatch: Any, unique_name: str
) -> None:
    """AWS::AutoScaling::ScalingPolicy and AWS::CloudWatch::Alarm: Ref and GetAtt;
    AWS::AutoScaling::AutoScalingGroup: MetricsCollection."""
    template = {
        "Resources": {
            **GROUP,
            "Up": policy(**ONE_MORE),
            "Busy": stack_alarm(AlarmActions=[{"Ref": "Up"}]),
        },
        "Outputs": {
            "Policy": {"Value": {"Ref": "Up"}},
            "Arn": {"Value": {"Fn::GetAtt": "Up.Arn"}},
            "PolicyName": {"Value": {"Fn::GetAtt": "Up.PolicyName"}},
            "AlarmName": {"Value": {"Ref": "Busy"}},
            "AlarmArn": {"Value": {"Fn::GetAtt": "Busy.Arn"}},
            "Group": {"Value": {"Ref": "Group"}},
        },
    }
    assert stacks.create(unique_name, template)["StackStatus"] == "CREATE_COMPLETE"
    outputs = stacks.outputs(unique_name)
    (made,) = asg.describe_policies(AutoScalingGroupName=outputs["Group"])["ScalingPolicies"]
    assert made["PolicyARN"] == outputs["Policy"] == outputs["Arn"]
    assert made["PolicyName"] == outputs["PolicyName"]
    assert made["Alarms"] == [{"AlarmName": outputs["AlarmName"], "AlarmARN": outputs["AlarmArn"]}]
    group = group_of(asg, outputs["Group"])
    assert [each["Metric"] for each in group["EnabledMetrics"]] == ["GroupDesiredCapacity"]
    clock = Clock()
    put(cloudwatch, unique_name, clock.ago(1), 9)
    clock.evaluate()
    assert group_of(asg, outputs["Group"])["DesiredCapacity"] == 1
    stacks.delete(unique_name)
    assert cloudwatch.describe_alarms(AlarmNames=[outputs["AlarmName"]])["MetricAlarms"] == []
    assert asg.describe_policies(PolicyNames=[made["PolicyName"]])["ScalingPolicies"] == []


def test_alarms_and_policies_change_in_place(
    stacks: StackDriver, asg: Any, cloudwatch: Any, unique_name: str
) -> None:
    """AWS::CloudWatch::Alarm and AWS::AutoScaling::ScalingPolicy: no interruption, but for the
    alarm's name."""
    tag = {"Key": "part", "Value": "one"}
    resources = {**GROUP, "Up": policy(**ONE_MORE), "Busy": stack_alarm(Tags=[tag])}
    stacks.create(unique_name, resources)
    names = {name: stacks.physical_id(unique_name, name) for name in ("Up", "Busy")}
    cloudwatch.set_alarm_state(AlarmName=names["Busy"], StateValue="ALARM", StateReason="by hand")
    changed = {
        **GROUP,
        "Up": policy(
            PolicyType="StepScaling",
            AdjustmentType="ChangeInCapacity",
            StepAdjustments=[{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}],
        ),
        "Busy": stack_alarm(Threshold=7, Tags=[{"Key": "other", "Value": "two"}]),
    }
    assert stacks.update(unique_name, changed)["StackStatus"] == "UPDATE_COMPLETE"
    assert names == {name: stacks.physical_id(unique_name, name) for name in names}
    found = described(cloudwatch, names["Busy"])
    assert (found["Threshold"], found["StateValue"]) == (7, "ALARM")
    tags = cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert {each["Key"] for each in tags if not each["Key"].startswith("aws:")} == {"other"}
    (now,) = asg.describe_policies(PolicyNames=[names["Up"]])["ScalingPolicies"]
    assert now["PolicyType"] == "StepScaling"
    renamed = {**changed, "Busy": stack_alarm(AlarmName=unique_name)}
    assert stacks.update(unique_name, renamed)["StackStatus"] == "UPDATE_COMPLETE"
    assert described(cloudwatch, unique_name)["Threshold"] == 5
    assert cloudwatch.describe_alarms(AlarmNames=[names["Busy"]])["MetricAlarms"] == []


def test_a_target_that_a_stack_tracks(
    stacks: StackDriver, cloudwatch: Any, unique_name: str
) -> None:
    """AWS::AutoScaling::ScalingPolicy: TargetTrackingConfiguration; its alarms go with it."""

    def tracking(target: float) -> dict[str, Any]:
        metric = {"PredefinedMetricType": "ASGAverageCPUUtilization"}
        configuration = {"PredefinedMetricSpecification": metric, "TargetValue": target}
        return policy(PolicyType="TargetTrackingScaling", TargetTrackingConfiguration=configuration)

    stacks.create(unique_name, {**GROUP, "Track": tracking(50)})
    start = f"TargetTracking-{stacks.physical_id(unique_name, 'Group')}-"

    def thresholds() -> list[float]:
        found = cloudwatch.describe_alarms(AlarmNamePrefix=start)["MetricAlarms"]
        return sorted(each["Threshold"] for each in found)

    assert thresholds() == [45, 50]
    stacks.update(unique_name, {**GROUP, "Track": tracking(40)})
    assert thresholds() == [36, 40]
    stacks.update(unique_name, GROUP)
    assert thresholds() == []


def test_what_an_alarm_of_a_stack_cannot_be(stacks: StackDriver, unique_name: str) -> None:
    """API_PutMetricAlarm refuses it, and the stack is rolled back."""
    stack = stacks.create(unique_name, {"Busy": stack_alarm(Period=45)})
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "Period must be 10, 20, 30 or a multiple of 60" in stacks.failures(unique_name)["Busy"]


def triggers(*arns: str, minutes: int = 0) -> dict[str, Any]:
    return {
        "RollbackConfiguration": {
            "RollbackTriggers": [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in arns],
            "MonitoringTimeInMinutes": minutes,
        }
    }


def in_alarm(cloudwatch: Any, name: str) -> None:
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")


def soon_in_alarm(stacks: StackDriver, cloudwatch: Any, stack: str, name: str) -> threading.Thread:
    """Set the alarm off as soon as the stack is being created or updated."""

    def wait() -> None:
        for _ in range(300):
            try:
                status = stacks.described(stack)["StackStatus"]
            except ClientError:  # it does not exist yet
                status = ""
            if status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
                in_alarm(cloudwatch, name)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_an_alarm_rolls_a_creation_back(
    stacks: StackDriver, cloudwatch: Any, unique_name: str
) -> None:
    """CloudFormation User Guide, "Rollback triggers": while resources are created."""
    arn = alarm(cloudwatch, unique_name)["AlarmArn"]
    thread = soon_in_alarm(stacks, cloudwatch, unique_name, unique_name)
    stack = stacks.create(unique_name, waiting(300), **triggers(arn))
    thread.join()
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stack["RollbackConfiguration"] == triggers(arn)["RollbackConfiguration"]
    reasons = [reason for name, _, reason in stacks.events(unique_name) if name == unique_name]
    assert f"The rollback trigger {arn} is in ALARM state. Rollback requested by user." in reasons


def test_an_alarm_rolls_an_update_back_while_it_is_monitored(
    stacks: StackDriver, aws: Any, cloudwatch: Any, unique_name: str
) -> None:
    """CloudFormation User Guide, "Rollback triggers": MonitoringTimeInMinutes, and triggers that
    are saved for later updates."""
    arn = alarm(cloudwatch, unique_name)["AlarmArn"]
    stacks.create(unique_name, {"One": parameter("1")}, **triggers(arn))
    thread = soon_in_alarm(stacks, cloudwatch, unique_name, unique_name)
    stack = stacks.update(
        unique_name,
        {"One": parameter("2")},
        RollbackConfiguration={"MonitoringTimeInMinutes": 5},
    )
    thread.join()
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stack["RollbackConfiguration"] == triggers(arn, minutes=5)["RollbackConfiguration"]
    name = stacks.physical_id(unique_name, "One")
    assert aws("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "1"


def test_a_trigger_that_alarms_already_or_is_missing(
    stacks: StackDriver, cloudwatch: Any, unique_name: str
) -> None:
    """API_RollbackTrigger: "If a specified trigger is missing, the entire stack operation fails and
    is rolled back"."""
    arn = alarm(cloudwatch, unique_name)["AlarmArn"]
    in_alarm(cloudwatch, unique_name)
    stacks.create(unique_name, {"One": parameter("1")})
    for wrong in (arn, f"{arn}-none"):
        stack = stacks.update(unique_name, {"One": parameter("2")}, **triggers(wrong))
        assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    stack = stacks.update(unique_name, {"One": parameter("2")}, **triggers())
    assert stack["StackStatus"] == "UPDATE_COMPLETE"


def test_what_rollback_triggers_cannot_be(stacks: StackDriver, unique_name: str) -> None:
    """API_RollbackConfiguration: five triggers, 180 minutes; composite alarms are not emulated."""
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"
    composite = {"RollbackTriggers": [{"Arn": arn, "Type": "AWS::CloudWatch::CompositeAlarm"}]}
    for wrong, message in (
        (triggers(*[arn] * 6), "have length less than or equal to 5"),
        (triggers(arn, minutes=181), "have value less than or equal to 180"),
        ({"RollbackConfiguration": composite}, "CompositeAlarm are not emulated"),
    ):
        with pytest.raises(ClientError, match=message):
            stacks.create(unique_name, {"One": parameter("1")}, **wrong)
