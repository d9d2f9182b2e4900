"""The Describe calls that say what Auto Scaling has."""

from __future__ import annotations

from typing import Any

from auto_scaling_driver import CreateGroup


def test_what_there_is_of_each_type(asg: Any) -> None:
    """API_DescribeAdjustmentTypes, API_DescribeScalingProcessTypes,
    API_DescribeTerminationPolicyTypes and API_DescribeMetricCollectionTypes."""
    adjustments = asg.describe_adjustment_types()["AdjustmentTypes"]
    assert [each["AdjustmentType"] for each in adjustments] == [
        "ChangeInCapacity",
        "ExactCapacity",
        "PercentChangeInCapacity",
    ]
    processes = [each["ProcessName"] for each in asg.describe_scaling_process_types()["Processes"]]
    assert {"AZRebalance", "InstanceRefresh", "Launch", "Terminate"} < set(processes)
    assert asg.describe_termination_policy_types()["TerminationPolicyTypes"] == [
        "AllocationStrategy",
        "ClosestToNextInstanceHour",
        "Default",
        "NewestInstance",
        "OldestInstance",
        "OldestLaunchConfiguration",
        "OldestLaunchTemplate",
    ]
    metrics = asg.describe_metric_collection_types()
    assert {"Metric": "GroupInServiceInstances"} in metrics["Metrics"]
    assert metrics["Granularities"] == [{"Granularity": "1Minute"}]


def test_the_account_s_limits_and_what_is_used_of_them(asg: Any, group: CreateGroup) -> None:
    """API_DescribeAccountLimits; "Quotas for Auto Scaling resources and groups"."""
    before = asg.describe_account_limits()
    group(DesiredCapacity=0)

    after = asg.describe_account_limits()

    assert after["NumberOfAutoScalingGroups"] == before["NumberOfAutoScalingGroups"] + 1
    assert after["MaxNumberOfAutoScalingGroups"] == 500
    assert after["MaxNumberOfLaunchConfigurations"] == 200
