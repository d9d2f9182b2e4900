"""A claim is pending, then holds or is refuted so far; the verdict has the last word."""

from pathlib import Path
from typing import Any

import pytest

from evidence.evidence import Evidence, Mark
from evidence.records import Reply
from live_page import claims
from safeguards import scenarios

SCENARIOS = Path(__file__).resolve().parents[3] / "playbooks/scenarios"
ENTRIES = [
    {"claim": "no request failed", "measure": "count", "where": {"kind": "error"}, "is": 0},
    {
        "claim": "its replies are static",
        "measure": "share",
        "where": {"kind": "static"},
        "among": {"instance": "{{ instance_credentials_victim }}"},
        "during": "after",
        "is": 1,
    },
    {
        "claim": "in time",
        "measure": "seconds_to_detect",
        "at_most": "{{ observation_detected_within }}",
    },
]


def evidence(*marks: tuple[str, float], kind: Any = "static") -> Evidence:
    return Evidence(
        scenario="x",
        started_at=0.0,
        stopped_at=10.0,
        begun_at=0.0,
        marks=tuple(Mark(name, at) for name, at in marks),
        replies=tuple(
            Reply(n / 10, 0, 2, 200, kind if n > 50 else "real", instance="i-a") for n in range(100)
        ),
        is_complete=False,
        rate=10,
    )


def states(shown: list[dict[str, str]]) -> list[str]:
    return [each["state"] for each in shown]


def test_before_the_steady_state_everything_is_pending() -> None:
    assert states(claims.standing(ENTRIES, evidence(), "")) == ["pending"] * 3


def test_after_the_effect_they_hold_so_far_and_what_the_play_computes_is_pending() -> None:
    shown = claims.standing(ENTRIES, evidence(("steady", 0), ("fault", 4), ("settled", 6)), "i-a")
    assert states(shown) == ["held so far", "held so far", "pending"]
    assert shown[1]["seen"].startswith("100%")


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ((("steady", 0.0), ("fault", 4.0)), "not yet"),
        ((("steady", 0.0), ("fault", 4.0), ("settled", 6.0)), "refuted so far"),
    ],
)
def test_before_the_effect_shows_a_claim_is_not_broken(marks: Any, state: str) -> None:
    shown = claims.standing(ENTRIES, evidence(*marks, kind="error"), "i-a")
    assert states(shown)[0] == state


def test_the_verdict() -> None:
    result = {
        "claims": [{"claim": "a", "outcome": "refuted", "seen": "3", "expected": "count is 0"}]
    }
    assert claims.judged(result) == [
        {"text": "a", "state": "refuted", "seen": "3", "expected": "count is 0"}
    ]


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yml")), ids=lambda path: path.stem)
def test_the_claims_of_every_scenario_can_be_shown(path: Path) -> None:
    entries = scenarios.read(path).entries
    marks = (("steady", 0.0), ("fault", 4.0), ("settled", 6.0))
    shown = claims.standing(entries, evidence(*marks), "i-a")
    assert [each["text"] for each in shown] == [each["claim"] for each in entries]
    assert "pending" in states(shown)
