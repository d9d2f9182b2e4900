"""What is shown of a scenario's claims."""

from __future__ import annotations

from typing import Any

import pytest

from narration.claims import rows_of

DIED = "the backend died: it has not answered for 6.2 s"
FIGURES = {"requests": 0, "by_kind": {}, "latency_ms": {}, "time_to_seconds": {}}


def claim(name: str, outcome: str, seen: str) -> dict[str, Any]:
    return {"claim": name, "outcome": outcome, "seen": seen, "expected": f"{name} (all) is 1"}


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        (
            [claim("a", "unjudged", DIED), claim("b", "unjudged", DIED)],
            ["a", "b", f"seen:     {DIED}"],
        ),
        (
            [claim("a", "unjudged", DIED)],
            ["a", "expected: a (all) is 1", f"seen:     {DIED}"],
        ),
        (
            [
                claim("a", "unjudged", "a gap"),
                claim("b", "unjudged", DIED),
                claim("c", "unjudged", DIED),
                claim("d", "refuted", DIED),
                claim("e", "held", "1"),
            ],
            [
                *("a", "expected: a (all) is 1", "seen:     a gap"),
                *("b", "c", f"seen:     {DIED}"),
                *("d", "expected: d (all) is 1", f"seen:     {DIED}"),
                "e: 1 [is 1]",
            ],
        ),
    ],
    ids=["all", "one", "some"],
)
def test_a_reason_for_which_several_are_unjudged_stands_once(
    claims: list[dict[str, Any]], shown: list[str]
) -> None:
    result = {
        "claims": claims,
        "outcome": "unjudged",
        "negative_control": False,
        "figures": FIGURES,
    }
    assert [row.text for row in rows_of(result)][:-1] == shown
