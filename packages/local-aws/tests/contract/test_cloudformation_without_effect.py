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
def test_what_has_no_effect_says_so_in_one_event(
    type_name: str, note: str, stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's: what is kept and returned, and changes nothing here, is not passed over."""
    stacks.create(unique_name, {"One": {"Type": type_name}})

    reasons = {
        status: reason for name, status, reason in stacks.events(unique_name) if name == "One"
    }
    assert reasons["CREATE_COMPLETE"] == note
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
