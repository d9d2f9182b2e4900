"""Which batch a rolling update replaces next: AWS's UpdatePolicy attributes, in tables."""

from __future__ import annotations

import pytest

from local_aws.control_plane.auto_scaling.rolling_update.plan import (
    Batch,
    RollingUpdateFailed,
    RollingUpdatePolicy,
    allowed_failures,
    plan_batch,
)


@pytest.mark.parametrize(
    ("max_batch", "min_in_service", "obsolete", "in_service", "desired", "max_size", "expected"),
    [
        pytest.param(1, 2, "", 3, 3, 3, None, id="nothing obsolete"),
        pytest.param(1, 2, "abc", 3, 3, 3, Batch(("a",), 3), id="old one ends first"),
        pytest.param(2, 2, "abc", 3, 3, 3, Batch(("a",), 3), id="never below the minimum"),
        pytest.param(2, 0, "abc", 3, 3, 3, Batch(("a", "b"), 3), id="a whole batch"),
        pytest.param(5, 0, "abc", 3, 3, 3, Batch(("a", "b", "c"), 3), id="all at once"),
        pytest.param(2, 0, "c", 3, 3, 3, Batch(("c",), 3), id="the last one"),
        pytest.param(1, 3, "abc", 3, 3, 4, Batch((), 4), id="no room: grow first"),
        pytest.param(3, 3, "abc", 3, 3, 4, Batch((), 4), id="grow, but not above the maximum"),
        pytest.param(1, 3, "abc", 4, 4, 4, Batch(("a",), 4), id="grown: now end the old one"),
        pytest.param(1, 2, "abc", 2, 3, 3, Batch((), 3), id="one is missing: wait"),
        pytest.param(1, 2, "ab", 1, 3, 4, Batch((), 3), id="two are missing: wait"),
    ],
)
def test_the_next_batch(
    max_batch: int,
    min_in_service: int,
    obsolete: str,
    in_service: int,
    desired: int,
    max_size: int,
    expected: Batch | None,
) -> None:
    policy = RollingUpdatePolicy(max_batch_size=max_batch, min_instances_in_service=min_in_service)

    assert plan_batch(policy, list(obsolete), in_service, desired, max_size) == expected


def test_a_minimum_in_service_that_is_not_below_the_maximum_size_is_refused() -> None:
    policy = RollingUpdatePolicy(min_instances_in_service=3)

    with pytest.raises(RollingUpdateFailed, match="must be less than the autoscaling group's Max"):
        plan_batch(policy, ["a"], in_service=3, desired_capacity=3, max_size=3)


@pytest.mark.parametrize(
    ("percent", "replaced", "expected"),
    [(100, 3, 0), (0, 3, 3), (50, 4, 2), (50, 3, 1), (67, 3, 0), (66, 3, 1)],
)
def test_failures_that_the_minimum_of_successes_allows(
    percent: int, replaced: int, expected: int
) -> None:
    policy = RollingUpdatePolicy(min_successful_instances_percent=percent)

    assert allowed_failures(policy, replaced) == expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, RollingUpdatePolicy()),
        ({"WaitOnResourceSignals": "true"}, RollingUpdatePolicy(1, 0, 100, "PT5M", True, ())),
        (
            {
                "MaxBatchSize": "2",
                "MinInstancesInService": "1",
                "MinSuccessfulInstancesPercent": "50",
                "PauseTime": "PT1M",
                "WaitOnResourceSignals": True,
                "SuspendProcesses": ["HealthCheck", "AZRebalance"],
            },
            RollingUpdatePolicy(2, 1, 50, "PT1M", True, ("HealthCheck", "AZRebalance")),
        ),
    ],
)
def test_a_template_s_policy_with_aws_s_defaults(
    properties: dict[str, object], expected: RollingUpdatePolicy
) -> None:
    assert RollingUpdatePolicy.from_template(properties) == expected


def test_a_pause_longer_than_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than AWS allows"):
        RollingUpdatePolicy.from_template({"PauseTime": "PT1H1S"})
