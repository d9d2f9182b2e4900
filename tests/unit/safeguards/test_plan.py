"""What a plan shows before anything is touched."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from safeguards import cost, plan
from safeguards.plan import Intended
from safeguards.purposes import PURPOSES, SWEEP

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/0"
ON_AWS = Intended("aws", "us-east-1", "", "t3.micro", {"SSMFailure": "none"})

Found = Callable[..., dict[str, Any]]


def test_what_will_be_touched_is_named_by_exact_ids(found: Found) -> None:
    lines = plan.lines(PURPOSES["destroy"], found("own"), ON_AWS)
    assert lines == [
        "backend: AWS, account 111122223333, us-east-1, as arn:aws:iam::111122223333:user/ada",
        "stack: demo, CREATE_COMPLETE",
        "will: delete the stack and all that belongs to it",
        "touches:",
        f"  stack {ARN}",
        "  table demo-table",
        "  instances i-1, i-2",
        "  1 more resources of the stack",
    ]


def test_what_a_deployment_changes() -> None:
    wanted = {"SSMFailure": "none", "Same": "1", "SSHCidr": "", "New": "x"}
    present = {"SSMFailure": "static", "Same": "1", "SSHCidr": "192.0.2.0/24"}
    assert plan.differences(wanted, present) == [
        "SSHCidr: 192.0.2.0/24 -> (empty)",
        "SSMFailure: static -> none",
    ]


def test_a_sweep_touches_no_stack_of_the_inventory(found: Found) -> None:
    lines = plan.lines(SWEEP, found("own"), ON_AWS)
    assert lines[-1].startswith("will: delete each stack of this project whose time is over")


def test_a_sweep_says_what_becomes_of_each_stack(found: Found) -> None:
    over, kept = {"expired": True}, {"expired": False}
    lines = ["one is removed: its time was over at noon", "two stays: it never expires"]

    for stacks, changes in (([over, kept], True), ([kept], False), ([], False)):
        sweep = {"stacks": stacks, "lines": lines}
        made = plan.plan(SWEEP, found("absent"), ON_AWS, only_plan=True, sweep=sweep)
        assert made.lines[-2:] == lines
        assert made.changes is changes


@pytest.mark.parametrize(
    ("playbook", "ownership", "differences", "changed"),
    [
        ("deploy", "absent", [], True),
        ("deploy", "adopted", [], True),
        ("deploy", "own", [], False),
        ("deploy", "own", ["SSMFailure: static -> none"], True),
        ("destroy", "absent", [], False),
        ("destroy", "own", [], True),
        ("scenario", "own", [], True),
        ("recover", "own", [], False),
    ],
)
def test_a_plan_says_whether_anything_would_change(
    playbook: str, ownership: str, differences: list[str], changed: bool, found: Found
) -> None:
    assert plan.would_change(PURPOSES[playbook], found(ownership), differences) == changed


def test_a_plan_of_a_stack_that_is_updated_is_still_to_be_compared(found: Found) -> None:
    """A deployment itself shows what variables say; what else differs takes more calls."""
    present = found("own", parameters={"SSMFailure": "static"})

    planned = plan.plan(PURPOSES["deploy"], present, ON_AWS, only_plan=True)
    done = plan.plan(PURPOSES["deploy"], present, ON_AWS, only_plan=False)

    assert planned.compares
    assert "changes:" not in planned.lines
    assert not done.compares
    assert done.lines[-3:-1] == ["changes:", "  SSMFailure: static -> none"]
    assert done.lines[-1].startswith("cost: about $0.09 an hour")


@pytest.mark.parametrize(
    ("status", "converges", "said"),
    [
        ("CREATE_COMPLETE", True, ""),
        ("UPDATE_COMPLETE", True, ""),
        ("UPDATE_ROLLBACK_COMPLETE", True, ""),
        ("UPDATE_FAILED", True, ""),
        ("IMPORT_ROLLBACK_FAILED", True, ""),
        ("ROLLBACK_COMPLETE", False, "the stack is removed and created again"),
        ("REVIEW_IN_PROGRESS", False, "the stack is removed and created again"),
        ("UPDATE_ROLLBACK_FAILED", False, "its rollback is continued first"),
        ("UPDATE_IN_PROGRESS", False, "waits for UPDATE_IN_PROGRESS to end first"),
        ("DELETE_IN_PROGRESS", False, "waits for DELETE_IN_PROGRESS to end first"),
    ],
)
def test_a_plan_says_what_a_deployment_does_with_a_stack_that_it_cannot_just_update(
    status: str, converges: bool, said: str, found: Found
) -> None:
    stack = found("own", status=status)
    assert plan.converges(stack) == converges
    assert plan.would_change(PURPOSES["deploy"], stack, []) != converges
    assert any(said in line for line in plan.before_convergence(stack)) == bool(said)


def test_a_stack_that_is_created_or_taken_over_is_not_compared(found: Found) -> None:
    for ownership in ("absent", "adopted"):
        assert not plan.converges(found(ownership))


def test_the_cost_is_about_a_sum_of_list_prices(found: Found) -> None:
    assert cost.estimate("t3.micro").startswith("about $0.09 an hour: 3 x t3.micro, ")
    assert "whose price is not known here" in cost.estimate("x9.huge")
    assert plan.cost(PURPOSES["deploy"], found("own"), replace(ON_AWS, backend="local")) == []
    assert plan.cost(PURPOSES["status"], found("absent"), ON_AWS) == []
