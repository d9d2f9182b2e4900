"""What the tasks of a target add up to, and the table of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from collection_targets import Target
from collections_table import GOAL, Row, table
from counted_tasks import Counts, count

TARGET = Target("amazon.aws", "iam_role", Path("/nowhere"))


def line(result: str, *, expected: bool = False, message: str = "") -> str:
    named = {"task": "Create a role", "result": result, "expected": expected}
    return json.dumps({**named, "message": message})


def test_a_failure_that_the_test_expects_has_passed() -> None:
    counts = count([line("ok"), line("failed", expected=True, message="No such role")])
    assert counts == Counts(ran=2, passed=2)


def test_a_refusal_by_name_is_told_from_other_failures() -> None:
    counts = count(
        [
            line("failed", message="The local AWS does not emulate iam ListMFADevices."),
            line("failed", message="Warm pools are not emulated by the local AWS"),
            line("failed", message="Member\nmust   have length 3"),
            line("ok"),
        ]
    )
    assert (counts.ran, counts.passed, counts.refused) == (4, 1, 2)
    assert counts.share == 0.5
    assert counts.first_failure.startswith("Create a role: The local AWS does not emulate")


def test_which_calls_a_module_made_is_not_judged() -> None:
    calls = line("failed", message='Assertion failed: "iam:GetRole" in output.resource_actions')
    counts = count([line("ok"), calls])
    assert counts == Counts(ran=1, passed=1, unjudged=1)
    text = table([Row(TARGET, counts)], {"amazon.aws": "10.1.2"})
    assert "Not judged: 1 assertions on which calls a module made." in text


def test_a_message_is_one_line_that_fits() -> None:
    counts = count([line("failed", message="a\n  b " + "c" * 500)])
    assert counts.first_failure.startswith("Create a role: a b ccc")
    assert len(counts.first_failure) < 200


@pytest.mark.parametrize(
    ("counts", "below"),
    [
        (Counts(ran=100, passed=97), False),
        (Counts(ran=100, passed=96), True),
        (Counts(ran=100, passed=60, refused=40), False),
        (Counts(ran=100, passed=100, cut_off_after=300.0), True),
        (Counts(), True),
        (None, False),
    ],
)
def test_the_goal(counts: Counts | None, below: bool) -> None:
    assert GOAL == 0.97
    assert Row(TARGET, counts).is_below_goal is below


def test_the_table_says_what_it_was_measured_with() -> None:
    failed = Counts(ran=10, passed=9, first_failure="Tag: a|b", cut_off_after=300.0)
    rows = [Row(TARGET, failed, ["tasks/main.yml"]), Row(TARGET, None)]

    text = table(rows, {"amazon.aws": "10.1.2", "community.aws": "10.0.0"})

    head, dashes, first, second, _, modules, changed = text.splitlines()
    assert head.split("|")[1].strip() == "target"
    assert set(dashes) == set("|- ")
    assert "Tag: a\\|b; cut off after 300 s" in first
    assert "not run: it has its own script" in second
    assert modules == "Modules: amazon.aws 10.1.2 and community.aws 10.0.0."
    assert changed == "With test files that are not of these versions: amazon.aws iam_role (1)."
    assert "With test files" not in table(rows[1:], {"amazon.aws": "10.1.2"})


def test_a_row_is_one_line() -> None:
    counts = Counts(ran=10, passed=9, refused=1, first_failure="Tag: no")
    assert str(Row(TARGET, counts)) == (
        "amazon.aws iam_role: 9 of 10 passed, 1 refused by name; Tag: no"
    )
    assert str(Row(TARGET, None)) == "amazon.aws iam_role: not run: it has its own script"
