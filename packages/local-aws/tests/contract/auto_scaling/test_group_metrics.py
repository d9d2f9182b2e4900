"""Which metrics of a group are collected."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, described
from botocore.exceptions import ClientError


def collected(asg: Any, name: str) -> list[str]:
    metrics = described(asg, name)["EnabledMetrics"]
    assert {each["Granularity"] for each in metrics} <= {"1Minute"}
    return [each["Metric"] for each in metrics]


def test_metrics_are_enabled_and_disabled_by_name(asg: Any, group: CreateGroup) -> None:
    """API_EnableMetricsCollection, API_DisableMetricsCollection."""
    name = group(DesiredCapacity=0)
    for metric in ("GroupMinSize", "GroupTotalInstances", "GroupMaxSize"):
        asg.enable_metrics_collection(
            AutoScalingGroupName=name, Metrics=[metric], Granularity="1Minute"
        )

    asg.disable_metrics_collection(AutoScalingGroupName=name, Metrics=["GroupMaxSize"])

    assert sorted(collected(asg, name)) == ["GroupMinSize", "GroupTotalInstances"]


def test_a_request_without_names_means_all(asg: Any, group: CreateGroup) -> None:
    """API_DisableMetricsCollection: "If you omit this property, all metrics are disabled." """
    name = group(DesiredCapacity=0)

    asg.enable_metrics_collection(AutoScalingGroupName=name, Granularity="1Minute")
    assert {"GroupDesiredCapacity", "GroupStandbyInstances"} < set(collected(asg, name))

    asg.disable_metrics_collection(AutoScalingGroupName=name)
    assert collected(asg, name) == []


def test_metrics_that_cannot_be(asg: Any, group: CreateGroup) -> None:
    """API_EnableMetricsCollection: the metrics, and the only granularity."""
    name = group(DesiredCapacity=0)
    for wrong in (
        {"AutoScalingGroupName": name, "Metrics": ["GroupMood"], "Granularity": "1Minute"},
        {"AutoScalingGroupName": name, "Granularity": "5Minutes"},
        {"AutoScalingGroupName": "no-such-group", "Granularity": "1Minute"},
    ):
        with pytest.raises(ClientError, match="ValidationError"):
            asg.enable_metrics_collection(**wrong)
    with pytest.raises(ClientError, match="ValidationError"):
        asg.disable_metrics_collection(AutoScalingGroupName=name, Metrics=["GroupMood"])
    assert collected(asg, name) == []
