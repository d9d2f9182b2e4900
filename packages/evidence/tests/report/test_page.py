"""report.html: complete, small, and no network needed; benchmarks/report.py measures its time."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from long_run import write_run
from story import Story

from evidence.claims import Verdict
from evidence.record.run_folder import RunFolder
from evidence.records import HealthCheckSettings
from evidence.report.page import render
from evidence.report.run_record import RunRecord, ScenarioRecord, read_run
from evidence.report.verdicts import scenario_result


def played(evidence: Any, **given: Any) -> RunRecord:
    verdict = Verdict("all is <well>", "share is 100%", "100%", "held")
    result = scenario_result(
        evidence, [verdict], hypothesis="</script> it holds", objective=0.9, negative_control=False
    )
    return RunRecord("2026", (ScenarioRecord({**result, **given}, evidence),))


def rich() -> Any:
    tale = Story(fault=10, fault_on="i-b", settled=20).traffic(0, 30, ["i-a", "i-b"])
    tale.reply(11, "error").group(0, 30, {"i-a": "InService", "i-b": "InService"})
    tale.health(0, 13, {"i-a": "healthy", "i-b": "healthy"})
    return tale.health(13, 30, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout").evidence()


def test_the_page_says_what_was_claimed_and_seen() -> None:
    again = {"command": "ansible-playbook -i inventory/aws scenario.yml"}
    page = render(played(replace(rich(), settings=again)))
    assert "1 of 1 claims held" in page
    assert "all is &lt;well&gt;" in page
    assert "&lt;/script&gt; it holds" in page
    assert "ansible-playbook -i inventory/aws scenario.yml --tags tale" in page
    assert "before eviction" in page


def test_who_does_not_say_how_it_was_played_reads_no_command() -> None:
    assert "ansible-playbook" not in render(played(rich()))


def test_no_name_becomes_markup() -> None:
    page = render(played(rich(), scenario="</figure><script>"))
    assert page.count("&lt;/figure&gt;&lt;script&gt;") >= 3
    assert "<script" not in page


def test_nothing_in_the_page_points_outside() -> None:
    page = render(played(rich()))
    assert re.findall(r"(?:src|href)=\"(?!#)", page) == []
    assert "url(" not in page
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_the_charts_are_in_the_page_for_the_run_and_each_scenario() -> None:
    page = render(played(rich()))
    assert re.findall(r'<figure class="chart" id="chart-(\w+)"', page) == ["run", "tale"]
    assert '<a style="left: 50.0%" href="#tale">tale</a>' in page


def test_a_scenario_in_which_nothing_was_recorded_has_its_chart_too() -> None:
    assert 'id="chart-tale"' in render(played(Story().evidence()))


def test_the_health_check_is_of_the_first_scenario_that_recorded_one() -> None:
    tale = Story()
    tale.samples.append(HealthCheckSettings(0, 5, 2, 3, 2))
    without, with_one = played(Story().evidence()), played(tale.evidence())
    run = replace(without, scenarios=(*without.scenarios, *with_one.scenarios))
    assert "every 5 s, 2 s allowed" in render(run)


def test_two_runs_are_compared_in_one_page() -> None:
    good = played(Story().traffic(0, 30, ["i-a"]).evidence())
    page = render(played(rich()), against=good)
    assert "Against 2026" in page
    assert "1 worse" in page


def test_a_run_without_verdicts_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="has no verdicts"):
        read_run(RunFolder(tmp_path))


@pytest.mark.parametrize("requests", [10_000, pytest.param(100_000, marks=pytest.mark.campaign)])
def test_the_report_of_many_requests_stays_small(tmp_path: Path, requests: int) -> None:
    run = read_run(write_run(tmp_path, requests))
    assert sum(len(scenario.evidence.replies) for scenario in run.scenarios) == requests
    assert len(render(run).encode()) <= 1_000_000


def test_what_did_not_hold_in_a_repetition_has_a_row_as_wide_as_the_table() -> None:
    """In a column beside the figures it was a narrow tower, and off the screen of a phone."""
    held = {"claim": "it holds", "outcome": "held", "seen": "all"}
    unjudged = {"claim": "it stays", "outcome": "unjudged", "seen": "nobody looked"}
    (repetition,) = played(rich()).scenarios[0].result["repetitions"]
    claims = ([held, unjudged], [held])
    page = render(played(rich(), repetitions=[{**repetition, "claims": each} for each in claims]))
    rows = re.findall(r'<tr class="reasons"><td colspan="(\d)"><ul>\s*(.*?)</ul>', page)
    assert rows == [("7", "<li>it stays: unjudged, nobody looked</li>")]
