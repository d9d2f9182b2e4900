"""What was refuted on a machine that was too busy is unjudged; what held, held."""

from __future__ import annotations

import pytest

from evidence.claims import Verdict
from evidence.evidence import Evidence
from evidence.judge.starvation import unjudged_if_starved
from evidence.records import Reply

HELD = Verdict("three targets are healthy", "healthy_targets is 3", "3 in 8 of 8 samples", "held")
REFUTED = Verdict("every reply is real", "share is 100%", "93.8%", "refuted")
UNJUDGED = Verdict("they are in three zones", "healthy_zones is 3", "not sampled", "unjudged")


def evidence(late_ms: float, missed: int = 0) -> Evidence:
    replies = tuple(Reply(100 + n / 50, late_ms, 3 + late_ms, 200, "real") for n in range(200))
    return Evidence("healthy", 100, 104, (), replies, (), missed=missed)


def test_a_kept_schedule_changes_nothing() -> None:
    verdicts = [HELD, REFUTED, UNJUDGED]
    assert unjudged_if_starved(verdicts, evidence(late_ms=2)) == verdicts


@pytest.mark.parametrize(("late_ms", "missed"), [(85, 0), (2, 7)])
def test_a_schedule_that_was_not_kept_refutes_nothing(late_ms: float, missed: int) -> None:
    held, refuted, unjudged = unjudged_if_starved(
        [HELD, REFUTED, UNJUDGED], evidence(late_ms, missed)
    )
    assert (held, unjudged) == (HELD, UNJUDGED)
    assert refuted.outcome == "unjudged"
    assert refuted.seen.startswith("93.8%; this machine was too busy: ")
    assert f"later than {late_ms} ms, {missed} never did" in refuted.seen
