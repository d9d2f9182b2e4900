"""What is said of a recorded fault follows from the real state, before and after a recovery."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.resilience.recorded_faults import Present, outcomes

from evidence.record.mutations import Mutation

INSTANCE = "i-0123"


def present(profiles: dict[str, str] | None = None, **parameters: str) -> Present:
    return Present(parameters, profiles or {})


def fault(operation: str, resource: str, **values: Any) -> Mutation:
    return Mutation(1.0, "scenario", operation, resource, **values)


TABLE = fault(
    "cloudformation:UpdateStack",
    "arn:stack",
    before={"SSMTableName": ""},
    after={"SSMTableName": "unknown"},
)
RELEASE = fault(
    "cloudformation:UpdateStack",
    "arn:stack",
    before={"LaunchTemplateVersion": "1.0.0"},
    after={"LaunchTemplateVersion": "1.0.1"},
)
PROFILE = fault("ec2:DisassociateIamInstanceProfile", INSTANCE, before={"profile": "reader"})
TERMINATION = fault("ec2:TerminateInstances", INSTANCE, after={"state": "terminated"})


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ("unknown", "", "restored now"),
        ("unknown", "unknown", "still in place"),
        ("", "", "found already restored"),
        ("another", "", "found already restored"),
    ],
)
def test_a_parameter(before: str, after: str, outcome: str) -> None:
    said = outcomes(TABLE, present(SSMTableName=before), present(SSMTableName=after))

    assert said == [f"scenario set SSMTableName from empty to unknown: {outcome}"]


def test_a_release_stays_and_the_one_before_it_is_named() -> None:
    now = present(LaunchTemplateVersion="1.0.1")
    [said] = outcomes(RELEASE, now, now)
    assert "from 1.0.0 to 1.0.1: kept" in said
    assert said.endswith("-e service_stack_release=1.0.0")

    rolled_back = present(LaunchTemplateVersion="1.0.0")
    [said] = outcomes(RELEASE, rolled_back, rolled_back)
    assert said.endswith(": found already restored")


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ({INSTANCE: ""}, {INSTANCE: "reader"}, "restored now"),
        ({INSTANCE: ""}, {INSTANCE: ""}, "still in place"),
        ({INSTANCE: "reader"}, {INSTANCE: "reader"}, "found already restored"),
        ({}, {}, "the instance is gone"),
    ],
)
def test_a_profile(before: dict[str, str], after: dict[str, str], outcome: str) -> None:
    said = outcomes(PROFILE, present(before), present(after))

    assert said == [f"scenario took reader from {INSTANCE}: {outcome}"]


def test_a_termination() -> None:
    there, gone = present({INSTANCE: "reader"}), present()
    assert outcomes(TERMINATION, there, there)[0].endswith("never done, it still runs")
    for before in (there, gone):
        assert outcomes(TERMINATION, before, gone)[0].endswith("its group replaces it")


def test_an_operation_that_is_not_known_is_named() -> None:
    assert outcomes(fault("s3:DeleteBucket", "logs"), present(), present()) == [
        "scenario called s3:DeleteBucket on logs: look whether it must go"
    ]


def test_several_parameters_of_one_update_have_a_line_each() -> None:
    both = fault("cloudformation:UpdateStack", "arn:stack", after={"One": "1", "Two": "2"})

    assert len(outcomes(both, present(One="1"), present())) == 2
