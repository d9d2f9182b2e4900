"""Held requests are a stream of their own: one measure counts them, and nothing else does."""

from dataclasses import replace
from typing import Any

import pytest
from judged import verdict_on
from story import Story

from evidence.claims import Verdict
from evidence.judge.interruption import abort_reason
from evidence.judge.measures import MEASURES
from evidence.judge.starvation import starved
from evidence.judge.statistics import figures
from evidence.observe.configuration import AbortCondition
from evidence.report.charts import scenario_chart


def cut(evidence: Any, **claim: Any) -> Verdict:
    count = {"measure": "held_count", "where": {"kind": "error"}, "is": 0}
    return verdict_on(evidence, **count, **claim)


@pytest.fixture
def observed() -> Any:
    """Half a minute of the usual requests, in which one of 90 fails."""
    tale = Story(steady=1, fault=10, fault_on="i-b", settled=20).traffic(0, 30, ["i-a", "i-b"])
    healthy = {"i-a": "healthy", "i-b": "healthy"}
    return tale.reply(15, "error").health(0, 30, healthy).group(0, 30, dict.fromkeys(healthy, "In"))


def test_none_was_cut(observed: Any) -> None:
    verdict = cut(observed.hold(0, 30).evidence())
    assert (verdict.outcome, verdict.seen) == ("held", "0, 0 of 29: below 9.9% (95%)")


def test_one_that_was_cut_refutes_it_in_its_own_time(observed: Any) -> None:
    observed.hold(0, 12).hold(12, 13, "error", latency_ms=700.0).hold(13, 30)
    assert cut(observed.evidence()).outcome == "refuted"
    assert cut(observed.evidence(), during="during").outcome == "refuted"
    assert cut(observed.evidence(), during=["before", "after"]).outcome == "held"


def test_without_a_held_request_it_is_unjudged(observed: Any) -> None:
    verdict = cut(observed.evidence())
    assert (verdict.outcome, verdict.seen) == ("unjudged", "no held request is on record")
    assert cut(observed.hold(0, 9).evidence(), during="after").outcome == "unjudged"


def test_a_gap_in_its_stream_leaves_it_unjudged(observed: Any) -> None:
    evidence = observed.hold(0, 12).hold(20, 30).evidence()
    assert "no request is on record" in cut(evidence).seen
    filled = observed.hold(12, 20).evidence()
    missed = replace(filled, held=replace(filled.held, missed=3))
    assert "it never sent 3 of 33 requests" in cut(missed).seen


@pytest.mark.parametrize("name", sorted(MEASURES.keys() - {"held_count"}))
def test_no_other_measure_counts_them(observed: Any, name: str) -> None:
    measure = MEASURES[name]
    options = {"where": {"kind": "error"}, "instance": "i-a"}
    bound = "healthy" if measure.is_text else 0
    claim = {option: options[option] for option in measure.required}
    claim |= {"measure": name, "is": bound}
    before = verdict_on(observed.evidence(), **claim)
    assert verdict_on(with_bad_ones(observed), **claim) == before


def test_no_figure_chart_or_condition_counts_them(observed: Any) -> None:
    before, after = observed.evidence(), with_bad_ones(observed)
    assert figures(after, 0.99) == figures(before, 0.99)
    assert scenario_chart(after) == scenario_chart(before)
    assert abort_reason(after, AbortCondition(below=0.9)) is None
    assert starved(after, ["all"]) is None


def with_bad_ones(observed: Any) -> Any:
    """The same, and held requests of an unknown instance that left late, and failed."""
    return observed.hold(0, 30, "error", instance="i-z", late_ms=90.0, release="9").evidence()
