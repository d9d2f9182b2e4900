"""What the charts show of a scenario and of a run."""

from dataclasses import replace
from typing import Any

import pytest
from story import Story

from evidence.claims import Verdict
from evidence.evidence import Evidence
from evidence.records import MachineSample
from evidence.report.chart import Chart
from evidence.report.charts import run_chart, scenario_chart
from evidence.report.run_record import RunRecord, ScenarioRecord
from evidence.report.verdicts import scenario_result


def rich() -> Any:
    tale = Story(steady=4, fault=10, fault_on="i-b", settled=20)
    tale.traffic(0, 30, ["i-a", "i-b"]).reply(11, "error")
    tale.group(0, 30, {"i-a": "InService", "i-b": "InService"})
    tale.health(0, 13, {"i-a": "healthy", "i-b": "healthy"})
    return tale.health(13, 30, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout").evidence()


def keys(chart: Chart) -> dict[str, list[str]]:
    return {row.title: [name for _, name in row.key] for row in chart.rows}


def test_a_scenario_shows_all_that_was_recorded_of_it() -> None:
    assert keys(scenario_chart(rich())) == {
        "replies/s by kind": ["real", "error"],
        "replies/s by instance": ["…i-a", "…i-b", "no instance"],
        "target health": ["healthy", "unhealthy"],
        "in service": ["in service (Auto Scaling)", "healthy targets"],
        "latency, ms": ["p50", "up to p95 and p99"],
    }


def test_the_machine_is_shown_with_the_moments_at_which_it_was_starved() -> None:
    tale = rich()
    busy = (MachineSample(5, 0.2, 3.0, 0.25, 0.5), MachineSample(6, 0.5, 140.0))
    chart = scenario_chart(replace(tale, samples=(*tale.samples, *busy)))
    shown = keys(chart)
    assert shown["machine, %"] == [
        "time a process waited",
        "processors taken by other machines",
    ]
    assert shown["machine, ms"] == ["it stood still for", "100 ms and more: starved"]
    [stretch] = [each for each in chart.behind if each.name == "starved"]
    assert (stretch.left, stretch.width) == (18.33, 1.67)


@pytest.mark.parametrize(("restored", "until"), [(25, 83.33), (None, 100)])
def test_the_time_to_restore_is_shaded(restored: int | None, until: float) -> None:
    chart = scenario_chart(Story(fault=5, settled=10, repair=15, restored=restored).evidence())
    [stretch] = [each for each in chart.behind if each.name == "restoring"]
    assert (stretch.left, stretch.left + stretch.width) == (50, until)


def test_what_was_not_recorded_has_no_row() -> None:
    assert keys(scenario_chart(Story().evidence())) == {}
    assert list(keys(scenario_chart(Story().health(0, 30, {"i-a": "healthy"}).evidence()))) == [
        "target health",
        "in service",
    ]


def test_marks_and_windows_stand_at_their_times() -> None:
    chart = scenario_chart(rich())
    marks = {mark.label: mark.at for mark in chart.marks}
    assert marks == {"steady": 13.33, "fault": 33.33, "settled": 66.67}
    windows = {each.name: (each.left, each.left + each.width) for each in chart.behind}
    assert windows["during"] == (33.33, 66.67)
    [veil] = chart.over  # what came before the steady state is pale
    assert (veil.left, veil.width) == (0, 13.33)


def test_a_pointer_reads_numbers_and_reasons() -> None:
    rows = {row.title: row for row in scenario_chart(rich()).rows}
    said = {
        title: [shape.text for shape in row.shapes if shape.text] for title, row in rows.items()
    }
    assert "11 s: 10/s real, 5/s error" in said["replies/s by kind"]
    assert "i-b unhealthy: Target.Timeout, 13.0 to 30.0 s" in said["target health"]
    assert any("p99 5.0 ms" in text for text in said["latency, ms"])


def entry(evidence: Evidence) -> dict[str, Any]:
    held = Verdict("all is well", "e", "s", "held")
    return scenario_result(evidence, [held], hypothesis="", objective=0.9, negative_control=False)


def test_a_run_shows_its_scenarios_and_their_faults() -> None:
    evidence = rich()
    chart = run_chart(RunRecord("a run", (ScenarioRecord(entry(evidence), evidence),)))
    assert keys(chart) == {"replies/s": ["real", "error"]}
    [band] = chart.behind
    assert (band.name, band.anchor, band.left, band.width) == ("tale", "tale", 0, 100)
    assert [mark.at for mark in chart.marks] == [33.33]


def later(evidence: Evidence, seconds: float) -> Evidence:
    """What happened so many seconds later in the same way."""
    return replace(
        evidence,
        started_at=evidence.started_at + seconds,
        stopped_at=evidence.stopped_at + seconds,
        marks=tuple(replace(mark, at=mark.at + seconds) for mark in evidence.marks),
        replies=tuple(
            replace(reply, scheduled_at=reply.scheduled_at + seconds) for reply in evidence.replies
        ),
    )


def test_a_run_shows_every_repetition_of_a_scenario() -> None:
    first = rich()
    second = later(first, 60)
    run = RunRecord("a run", (ScenarioRecord(entry(second), second, (first,)),))
    assert (run.started_at, run.seconds) == (first.started_at, 90)
    chart = run_chart(run)
    [band] = chart.behind
    assert (band.left, band.width) == (0, 100)
    assert [mark.at for mark in chart.marks] == [11.11, 77.78]
    assert [veil.left for veil in chart.over] == [0, 66.67]
    errors = [shape.text for shape in chart.rows[0].shapes if "error" in shape.text]
    assert [text.split(":")[0] for text in errors] == ["11 s", "71 s"]
