"""What got better and what got worse between two runs."""

from typing import Any

import pytest
from story import Story

from evidence.claims import Verdict
from evidence.report.comparison import compare, regressions
from evidence.report.run_record import RunRecord, ScenarioRecord
from evidence.report.verdicts import scenario_result


def run(*scenarios: ScenarioRecord) -> RunRecord:
    return RunRecord("a run", scenarios)


def scenario(
    evidence: Any, name: str = "tale", outcome: Any = "held", control: bool = False
) -> ScenarioRecord:
    verdict = Verdict("all is well", "e", "s", outcome, must_fail_in_control=True)
    result = scenario_result(
        evidence, [verdict], hypothesis="", objective=0.9, negative_control=control
    )
    return ScenarioRecord({**result, "scenario": name}, evidence)


def changes(before: RunRecord, now: RunRecord) -> dict[str, str]:
    return {row.figure: row.change for row in compare(before, now)}


def test_the_same_run_has_no_regression() -> None:
    tale = run(scenario(Story().traffic(0, 30, ["i-a"]).evidence()))
    assert set(changes(tale, tale).values()) == {"same"}
    assert regressions(compare(tale, tale)) == 0


def test_errors_latency_and_times_that_grow_are_worse() -> None:
    def run_of(latency_ms: float, errors: int, detected: int) -> RunRecord:
        tale = Story(fault=10).traffic(0, 30, ["i-a"], latency_ms=latency_ms)
        for number in range(errors):
            tale.reply(20 + number / 10, "error", latency_ms=latency_ms)
        tale.health(0, detected, {"i-a": "healthy"}).health(detected, 30, {"i-a": "unhealthy"})
        return run(scenario(tale.evidence()))

    good, bad = run_of(10, 0, 12), run_of(40, 1, 15)
    assert changes(good, bad) == {
        "success share": "worse",
        "time to detect": "worse",
        "latency p50": "worse",
        "latency p95": "worse",
        "latency p99": "worse",
    }
    assert set(changes(bad, good).values()) == {"better"}
    assert regressions(compare(bad, good)) == 0


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (10, 14, "same"),
        (10, 16, "worse"),
        (100, 120, "same"),
        (100, 130, "worse"),
        (9, 2, "better"),
    ],
)
def test_noise_is_no_change(before: float, now: float, change: str) -> None:
    old, new = (
        run(scenario(Story().traffic(0, 30, ["i-a"], latency_ms=float(ms)).evidence()))
        for ms in (before, now)
    )
    assert changes(old, new)["latency p50"] == change


@pytest.mark.parametrize(("control", "change"), [(False, "worse"), (True, "better")])
def test_a_claim_that_no_longer_holds(control: bool, change: str) -> None:
    evidence = Story().traffic(0, 30, ["i-a"]).evidence()
    old = run(scenario(evidence, control=control))
    new = run(scenario(evidence, outcome="refuted", control=control))
    assert changes(old, new)["all is well"] == change


@pytest.mark.parametrize(("control", "before"), [(False, "held"), (True, "refuted")])
def test_a_claim_that_is_unjudged_now_is_worse(control: bool, before: str) -> None:
    evidence = Story().traffic(0, 30, ["i-a"]).evidence()
    old = run(scenario(evidence, outcome=before, control=control))
    new = run(scenario(evidence, outcome="unjudged", control=control))
    assert changes(old, new)["all is well"] == "worse"


def test_scenarios_that_only_one_run_has() -> None:
    evidence = Story().traffic(0, 30, ["i-a"]).evidence()
    old = run(scenario(evidence, "first"))
    new = run(scenario(evidence, "second"))
    assert [(row.scenario, row.change) for row in compare(old, new)] == [
        ("second", "new"),
        ("first", "gone"),
    ]
