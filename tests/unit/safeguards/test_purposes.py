"""Whose stacks a playbook works on, and what it says of others."""

from collections.abc import Callable
from typing import Any

import pytest

from safeguards.purposes import PURPOSES, SWEEP, purpose_of, refusal, selection_refusal

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/0"
COMMAND = "ansible-playbook -i inventory/aws"

Found = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("playbook", "ownership", "expected"),
    [
        ("deploy", "absent", None),
        ("deploy", "own", None),
        ("deploy", "adopted", None),
        ("deploy", "older", f"-e service_stack_adopt={ARN}"),
        ("deploy", "foreign", ARN),
        ("destroy", "absent", None),
        ("destroy", "older", f"-e service_stack_adopt={ARN}"),
        ("destroy", "foreign", "-e service_stack_name="),
        ("scenario", "own", None),
        ("scenario", "absent", f"Deploy it with: {COMMAND} deploy.yml"),
        ("scenario", "older", f"-e service_stack_adopt={ARN}"),
        ("scenario", "adopted", f"-e service_stack_adopt={ARN}"),
        ("scenario", "foreign", "is not this project's"),
        ("recover", "foreign", "is not this project's"),
        ("status", "foreign", "is not this project's"),
        ("status", "absent", "is not deployed here"),
    ],
)
def test_each_playbook_works_on_its_own_stacks(
    playbook: str, ownership: str, expected: str | None, found: Found
) -> None:
    said = refusal(PURPOSES[playbook], found(ownership), COMMAND)
    assert said is None if expected is None else expected in str(said)


def test_a_stack_that_failed_is_named_with_its_status_and_reason(found: Found) -> None:
    failed = found("own", outputs={}, status="CREATE_FAILED", status_reason="no capacity")
    assert "it is CREATE_FAILED (no capacity)" in str(refusal(PURPOSES["status"], failed, COMMAND))
    assert refusal(PURPOSES["scenario"], found("own"), COMMAND) is None
    assert refusal(PURPOSES["watch"], failed, COMMAND) is None


def test_scenarios_are_played_on_one_stack_at_a_time() -> None:
    assert selection_refusal(PURPOSES["scenario"], ["one"]) is None
    assert selection_refusal(PURPOSES["deploy"], ["two", "one"]) is None
    said = str(selection_refusal(PURPOSES["scenario"], ["two", "one"]))
    assert said.endswith("The stacks are: one, two. Choose one with: --limit one")


def test_only_a_removal_of_what_has_expired_is_a_sweep() -> None:
    assert purpose_of("destroy", expired_only=True) is SWEEP
    assert purpose_of("destroy", expired_only=False) is PURPOSES["destroy"]
    assert purpose_of("deploy", expired_only=True) is PURPOSES["deploy"]
