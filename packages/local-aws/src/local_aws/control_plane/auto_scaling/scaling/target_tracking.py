"""Target tracking: the two alarms that Auto Scaling creates for a policy, and what they watch.

Sources: "Target tracking scaling policies" in the Amazon EC2 Auto Scaling User Guide and
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredefinedMetricSpecification.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.scaling import policies
from local_aws.control_plane.auto_scaling.scaling.policies import Policy
from local_aws.control_plane.cloudwatch.api.alarms import put_alarm

_PERIODS_HIGH, _PERIODS_LOW = 3, 15
_LOW_SHARE = 0.9
"""AWS sets the lower alarm a tenth below the target, so that the group does not oscillate."""
_PERIODS = (10, 30, 60)
_OF_INSTANCES = {
    "ASGAverageCPUUtilization": "CPUUtilization",
    "ASGAverageNetworkIn": "NetworkIn",
    "ASGAverageNetworkOut": "NetworkOut",
}
"""Metrics of AWS/EC2, which the local AWS does not measure: their alarms have no data."""
_HIGH_RESOLUTION = "ASGAverageCPUUtilizationHighResolution"
_REQUESTS = "ALBRequestCountPerTarget"


def watched(
    backend: AutoScalingBackend, group: FakeAutoScalingGroup, configuration: Mapping[str, Any]
) -> dict[str, Any]:
    """What a policy's alarms watch, as members of PutMetricAlarm. Raises ValidationError."""
    predefined = configuration.get("PredefinedMetricSpecification")
    customized = configuration.get("CustomizedMetricSpecification")
    if bool(predefined) == bool(customized):
        raise ValidationError(
            "TargetTrackingConfiguration must have either a PredefinedMetricSpecification or a "
            "CustomizedMetricSpecification"
        )
    if configuration.get("TargetValue") is None or float(configuration["TargetValue"]) <= 0:
        raise ValidationError("TargetValue must be greater than 0")
    return _predefined(backend, group, predefined) if predefined else _customized(customized)


def put_alarms(
    backend: AutoScalingBackend, policy: Policy, what: Mapping[str, Any], target: float
) -> None:
    """Make the policy's alarms, or change those that it has."""
    cloudwatch = policies.cloudwatch_of(backend)
    present = {name.split("-")[-6]: name for name in alarm_names(backend, policy)}
    for kind, comparison, threshold, periods in (
        ("AlarmHigh", "GreaterThanThreshold", target, _PERIODS_HIGH),
        ("AlarmLow", "LessThanThreshold", target * _LOW_SHARE, _PERIODS_LOW),
    ):
        start = f"TargetTracking-{policy.auto_scaling_group_name}-{kind}"
        put_alarm(
            cloudwatch,
            {
                **what,
                "AlarmName": present.get(kind) or f"{start}-{uuid.uuid4()}",
                "AlarmDescription": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy "
                f"{policy.arn}.",
                "AlarmActions": [policy.arn],
                "ComparisonOperator": comparison,
                "Threshold": threshold,
                "EvaluationPeriods": periods,
            },
        )


def delete_alarms(backend: AutoScalingBackend, policy: Policy) -> None:
    """Delete the policy's own alarms; those that users made stay."""
    policies.cloudwatch_of(backend).delete_alarms(list(alarm_names(backend, policy)))


def delete_policy(backend: AutoScalingBackend, policy: Policy) -> None:
    """Delete a policy of any kind, and the alarms that were made for it."""
    delete_alarms(backend, policy)
    del backend.policies[policies.key(policy.auto_scaling_group_name, policy.name)]


def alarm_names(backend: AutoScalingBackend, policy: Policy) -> Iterator[str]:
    """The names of the policy's own alarms."""
    start = f"TargetTracking-{policy.auto_scaling_group_name}-Alarm"
    for alarm in policies.alarms_of(backend, policy):
        if str(alarm.name).startswith(start):
            yield alarm.name


def _predefined(
    backend: AutoScalingBackend, group: FakeAutoScalingGroup, given: Mapping[str, Any]
) -> dict[str, Any]:
    kind, label = given.get("PredefinedMetricType"), given.get("ResourceLabel")
    if kind in _OF_INSTANCES:
        return {
            "Namespace": "AWS/EC2",
            "MetricName": _OF_INSTANCES[str(kind)],
            "Dimensions": [{"Name": "AutoScalingGroupName", "Value": group.name}],
            "Statistic": "Average",
            "Period": 60,
        }
    if kind == _HIGH_RESOLUTION:
        raise ValidationError(f"{kind} is not emulated by the local AWS")
    if kind != _REQUESTS:
        raise ValidationError(f"Invalid predefined metric type: {kind}")
    balancer, found, target_group = str(label or "").partition("/targetgroup/")
    attached = any(
        arn.endswith(f":targetgroup/{target_group}")
        and any(
            each.endswith(f":loadbalancer/{balancer}")
            for each in backend.elbv2_backend.target_groups[arn].load_balancer_arns
        )
        for arn in group.target_group_arns
        if arn in backend.elbv2_backend.target_groups
    )
    if not found or not attached:
        raise ValidationError(
            f"ResourceLabel {label} for {_REQUESTS} must be "
            "app/<load-balancer-name>/<load-balancer-id>/targetgroup/<target-group-name>/"
            "<target-group-id> of a target group that is attached to the Auto Scaling group"
        )
    return {
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "RequestCountPerTarget",
        "Dimensions": [
            {"Name": "TargetGroup", "Value": f"targetgroup/{target_group}"},
            {"Name": "LoadBalancer", "Value": balancer},
        ],
        "Statistic": "Sum",
        "Period": 60,
    }


def _customized(given: Mapping[str, Any] | None) -> dict[str, Any]:
    given = given or {}
    for name in ("MetricName", "Namespace", "Statistic"):
        if not given.get(name):
            raise ValidationError(f"{name} is required in a CustomizedMetricSpecification")
    period = int(given.get("Period") or 60)
    if period not in _PERIODS:
        raise ValidationError(f"Period must be one of {', '.join(map(str, _PERIODS))}")
    return {
        "Namespace": given["Namespace"],
        "MetricName": given["MetricName"],
        "Dimensions": list(given.get("Dimensions") or []),
        "Statistic": given["Statistic"],
        "Unit": given.get("Unit"),
        "Period": period,
    }
