"""Which awaited target states do not hold, and what the failure says, in tables."""

from typing import Any

import pytest
from ansible.module_utils.resilience.awaited_targets import failure, unmet


def target(target_id: str, state: str, reason: str | None = None) -> dict[str, Any]:
    return {
        "id": target_id,
        "availability_zone": "us-east-1a",
        "port": 80,
        "state": state,
        "reason": reason,
        "description": reason and f"about {reason}",
    }


THREE = [
    target("i-1", "healthy"),
    target("i-2", "healthy"),
    target("i-3", "unhealthy", "Target.Timeout"),
]


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ({}, []),
        ({"healthy": 2, "unhealthy": 1, "draining": 0}, []),
        ({"healthy": 3}, ["healthy: 3"]),
        ({"healthy": 1}, ["healthy: 1"]),  # a count is exact, not a minimum
        ({"healthy": None, "initial": 0}, []),  # Ansible fills in what was not given
        ({"targets": {"i-3": "unhealthy", "i-9": "unused"}}, []),
        ({"healthy": 2, "targets": {"i-1": "unhealthy"}}, ["i-1: unhealthy"]),
        ({"unhealthy": 3, "targets": {"i-9": "healthy"}}, ["unhealthy: 3", "i-9: healthy"]),
    ],
)
def test_names_what_does_not_hold(wanted: dict[str, Any], missing: list[str]) -> None:
    assert unmet(THREE, wanted) == missing


def test_a_failure_says_what_was_awaited_seen_and_what_to_do() -> None:
    assert failure("tg", THREE, {"healthy": 3}, 60.2, None) == (
        "The targets of tg were not as awaited within 60 s. "
        "Not reached: healthy: 3. Seen at the end:\n"
        "i-1 (us-east-1a, port 80): healthy\n"
        "i-2 (us-east-1a, port 80): healthy\n"
        "i-3 (us-east-1a, port 80): unhealthy, Target.Timeout, about Target.Timeout\n"
        "Target.Timeout: It does not answer in time: look at its load and its security group."
    )


def test_an_empty_target_group_has_its_own_next_step() -> None:
    text = failure("arn:tg", [], {"healthy": 1}, 1, None)
    assert "No target is registered" in text
