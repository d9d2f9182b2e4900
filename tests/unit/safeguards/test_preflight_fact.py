"""The playbooks of a demonstration check once, as long as what was found still holds."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.preflight_fact import still_holds

PROCESS = ProcessIdentity(4711, "boot/1")


def before(**changed: Any) -> dict[str, Any]:
    return {
        "playbook": "deploy",
        "lock": {"pid": 4711, "started_at": "boot/1"},
        "stack": {"outputs": {"TGArn": "arn:tg"}},
        **changed,
    }


def test_a_scenario_after_a_deployment_of_the_same_process_checks_nothing() -> None:
    assert still_holds(before(), PROCESS, "scenario")


@pytest.mark.parametrize(
    "changed",
    [
        {"lock": None},
        {"lock": {"pid": 4711, "started_at": "boot/2"}},
        {"playbook": "destroy"},
        {"stack": {"outputs": {}}},
    ],
    ids=["no lock", "another process", "after a removal", "no service"],
)
def test_what_may_have_changed_is_checked_again(changed: dict[str, Any]) -> None:
    assert not still_holds(before(**changed), PROCESS, "scenario")


def test_a_status_always_looks() -> None:
    assert not still_holds(before(), PROCESS, "status")
