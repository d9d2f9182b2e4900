"""report.html: complete, small, quick to render, and no network needed."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.claims import Verdict
from evidence.evidence import read_evidence
from evidence.record.journal import append_lines, size
from evidence.record.run_folder import RunFolder
from evidence.records import (
    GroupInstance,
    GroupSample,
    Reply,
    TargetHealthSample,
    TargetState,
    reply_to_json,
    sample_to_json,
)
from evidence.report.page import render
from evidence.report.run_record import RunRecord, ScenarioRecord, read_run
from evidence.report.verdicts import scenario_result, write_results

Tale = Callable[..., Any]
INSTANCES = ("i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb", "i-0cccccccccccccccc")


def played(evidence: Any, **given: Any) -> RunRecord:
    verdict = Verdict("all is <well>", "share is 100%", "100%", "held")
    result = scenario_result(
        evidence, [verdict], hypothesis="</script> it holds", objective=0.9, negative_control=False
    )
    return RunRecord("2026", (ScenarioRecord({**result, **given}, evidence),))


def rich(story: Tale) -> Any:
    tale = story(fault=10, fault_on="i-b", settled=20).traffic(0, 30, ["i-a", "i-b"])
    tale.reply(11, "error").group(0, 30, {"i-a": "InService", "i-b": "InService"})
    tale.health(0, 13, {"i-a": "healthy", "i-b": "healthy"})
    return tale.health(13, 30, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout").told()


def figures(page: str) -> Any:
    [text] = re.findall(r'id="figures">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_the_page_says_what_was_claimed_and_seen(story: Tale) -> None:
    page = render(played(rich(story)))
    assert "1 of 1 claims held" in page
    assert "all is &lt;well&gt;" in page
    assert "&lt;/script&gt; it holds" in page
    assert "ansible-playbook scenario.yml --tags tale" in page
    assert "before eviction" in page


def test_a_name_cannot_end_the_script_that_holds_the_figures(story: Tale) -> None:
    page = render(played(rich(story), scenario="</script><b>"))
    assert figures(page)["run"]["layout"]["annotations"][1]["text"] == "&lt;/script&gt;&lt;b&gt;"


def test_nothing_in_the_page_points_outside(story: Tale) -> None:
    page = render(played(rich(story)))
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"(?:src|href)=\"(?!#)", markup) == []
    assert "url(" not in markup
    assert "default-src 'none'" in markup


def test_every_chart_has_its_data(story: Tale) -> None:
    drawn = figures(render(played(rich(story))))
    assert set(drawn) == {"run", "tale"}
    names = {trace["name"] for trace in drawn["tale"]["data"]}
    assert names >= {"real", "error", "…i-a", "…i-b", "no instance", "healthy", "unhealthy"}
    assert names >= {"healthy targets", "in service (Auto Scaling)", "p50", "p95", "p99"}
    marks = [shape["x0"] for shape in drawn["tale"]["layout"]["shapes"] if shape["type"] == "line"]
    assert marks == [10, 20]


def test_what_came_before_the_steady_state_is_pale(story: Tale) -> None:
    drawn = figures(render(played(story(steady=4, fault=10).traffic(0, 30, ["i-a"]).told())))
    for figure in drawn.values():
        [veil] = [s for s in figure["layout"]["shapes"] if s.get("fillcolor") == "@veil"]
        assert (veil["x0"], veil["x1"], veil["layer"]) == (0, 4, "above")


def test_a_scenario_in_which_nothing_was_recorded_is_drawn_too(story: Tale) -> None:
    page = render(played(story().told()))
    assert [trace["name"] for trace in figures(page)["tale"]["data"]] == ["p50", "p95", "p99"]


def test_two_runs_are_compared_in_one_page(story: Tale) -> None:
    good = played(story().traffic(0, 30, ["i-a"]).told())
    page = render(played(rich(story)), against=good)
    assert "Against 2026" in page
    assert "1 worse" in page


def test_a_run_without_verdicts_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="has no verdicts"):
        read_run(RunFolder(tmp_path))


def record(folder: RunFolder, scenario: str, replies: int, started_at: float) -> None:
    """Write a scenario's records as its observer does: 1,000 requests a second."""
    stopped_at = started_at + replies / 1000

    def entry(at: float, event: str, **details: Any) -> None:
        sizes = {"requests_size": size(folder.requests), "samples_size": size(folder.samples)}
        line = {"at": at, "scenario": scenario, "event": event, **sizes, **details}
        append_lines(folder.journal, [line])

    entry(started_at, "started", settings={"backend": "local"}, rate=1000)
    append_lines(
        folder.requests,
        (
            reply_to_json(
                Reply(
                    scheduled_at=started_at + number / 1000,
                    late_ms=0.4,
                    latency_ms=5 + number % 7,
                    status=200,
                    kind="real",
                    instance=INSTANCES[number % 3],
                ),
                scenario,
            )
            for number in range(replies)
        ),
    )
    targets = tuple(TargetState(name, 80, None, "healthy") for name in INSTANCES)
    group = tuple(GroupInstance(name, "us-east-1a", "InService") for name in INSTANCES)
    for number in range(60):
        at = started_at + number / 5
        for sample in (TargetHealthSample(at, targets), GroupSample(at, group)):
            append_lines(folder.samples, [sample_to_json(sample, scenario)])
    entry(stopped_at, "stopped", missed=0)


@pytest.mark.parametrize("requests", [10_000, pytest.param(100_000, marks=pytest.mark.campaign)])
def test_a_run_of_many_requests_is_rendered_in_time_and_stays_small(
    tmp_path: Path, requests: int
) -> None:
    folder = RunFolder(tmp_path)
    results = []
    for number in range(8):
        record(folder, f"scenario-{number}", requests // 8, started_at=200.0 * number)
        evidence = read_evidence(folder, f"scenario-{number}")
        verdict = Verdict("all is well", "e", "s", "held")
        results.append(
            scenario_result(
                evidence, [verdict], hypothesis="", objective=0.9, negative_control=False
            )
        )
    write_results(folder.verdicts, tmp_path.name, results)
    began = os.times()
    run = read_run(folder)
    page = render(run)
    spent = os.times()
    seconds = spent.user - began.user + spent.system - began.system
    assert run.requests == requests
    assert len(page.encode()) <= 3_000_000
    assert seconds <= 5, f"rendering took {seconds:.1f} s of processor time"
