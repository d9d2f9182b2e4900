"""What is stored and changes nothing."""

from __future__ import annotations

import pytest
from stack_driver import StackDriver


@pytest.mark.parametrize(
    ("type_name", "note"),
    [
        ("AWS::CDK::Metadata", "stored, without effect"),
        ("AWS::EC2::EIP", "stored, without effect"),
        ("AWS::SQS::Queue", ""),
    ],
)
def test_what_has_no_effect_is_named_in_one_event(
    type_name: str, note: str, stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's: what is kept and returned, and changes nothing here, is not passed over."""
    stacks.create(unique_name, {"One": {"Type": type_name}})

    assert _note(stacks, unique_name) == note
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_change_without_effect_is_named_in_an_event_too(
    stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's, as above."""
    address = {"Type": "AWS::EC2::EIP", "Properties": {}}
    stacks.create(unique_name, {"One": address})
    tags = {"Tags": [{"Key": "team", "Value": "one"}]}
    stacks.update(unique_name, {"One": {**address, "Properties": tags}})

    assert _note(stacks, unique_name, "UPDATE_COMPLETE") == "stored, without effect"


@pytest.mark.parametrize(
    ("type_name", "properties", "note"),
    [
        (
            "ECS::Cluster",
            {"CapacityProviders": ["FARGATE"], "ClusterName": "one", "ClusterSettings": []},
            "stored, without effect: CapacityProviders, ClusterSettings",
        ),
        (
            "Logs::LogGroup",
            {"LogGroupClass": "STANDARD", "RetentionInDays": 7},
            "stored, without effect: LogGroupClass",
        ),
        ("Logs::LogGroup", {"RetentionInDays": 7}, ""),
    ],
)
def test_properties_that_nothing_looks_at_are_named(
    type_name: str,
    properties: dict[str, object],
    note: str,
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """Not AWS's: a setting without effect here is not passed over."""
    stacks.create(unique_name, {"One": {"Type": f"AWS::{type_name}", "Properties": properties}})

    assert _note(stacks, unique_name) == note
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def _note(stacks: StackDriver, stack_name: str, status: str = "CREATE_COMPLETE") -> str:
    """What the event of the resource One with this status says."""
    reasons = {(name, status): reason for name, status, reason in stacks.events(stack_name)}
    return reasons["One", status]
