"""Deleted stacks stay describable by id, but not all of them for ever."""

from __future__ import annotations

from local_aws.control_plane.cloudformation.stack import (
    DELETED_KEPT,
    Declaration,
    Stack,
    Stacks,
)


def stack(number: int, status: str = "DELETE_COMPLETE") -> Stack:
    declaration = Declaration("", {}, {}, {}, {})
    return Stack(f"arn/{number}", f"stack-{number}", "1", "us-east-1", declaration, status=status)


def test_the_newest_deleted_ones_and_all_others_are_kept() -> None:
    stacks = Stacks()
    stacks.add(stack(0, "CREATE_COMPLETE"))
    for number in range(1, DELETED_KEPT + 6):
        stacks.add(stack(number))
    kept = [each.stack_id for each in stacks.all()]
    assert kept == ["arn/0", *(f"arn/{number}" for number in range(6, DELETED_KEPT + 6))]
