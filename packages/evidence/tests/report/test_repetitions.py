"""A scenario that is played several times is judged together: nothing selected, nothing hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from story import Story

from evidence import report
from evidence.claims import Verdict
from evidence.evidence import Interruption
from evidence.judge.proportion import Proportion
from evidence.report.junit import junit_xml
from evidence.report.page import render
from evidence.report.playing_again import is_played_again, next_pace
from evidence.report.repetitions import outcomes_of, spread, totals
from evidence.report.run_record import RunRecord, ScenarioRecord
from evidence.report.table import claims_table, last_line, summary_table
from evidence.report.verdicts import read_results, scenario_result, with_result, write_results

SCHEMA = json.loads(Path(report.__file__).with_name("verdicts.schema.json").read_text())
NONE, QUICK = "none fails", "it is quick"


def verdicts(none: str = "held", quick: str = "held", failed: int = 0) -> list[Verdict]:
    counted = None if none == "unjudged" else Proportion.counted(failed, 1000)
    definition = {"measure": "latency_p99_ms", "during": ["all"], "at_most": 100}
    return [
        Verdict(NONE, "count is 0", f"{failed}, {counted}", none, True, counted, definition),  # type: ignore[arg-type]
        Verdict(QUICK, "p99 is at most 100", "90 ms", quick, definition=definition),  # type: ignore[arg-type]
    ]


def played(
    *each: list[Verdict], repeats: int, control: bool = False, last: Any = None
) -> dict[str, Any]:
    """The entry after so many repetitions, one a minute; `last` interrupts the last of them."""
    results: list[dict[str, Any]] = []
    for number, judged in enumerate(each):
        tale = Story(fault=10, settled=20).traffic(0, 30, ["i-a"]).evidence()
        evidence = replace(tale, interruption=last if number == len(each) - 1 else None)
        new = scenario_result(
            evidence, judged, hypothesis="It holds", objective=0.99, negative_control=control
        )
        for record in (new, *new["repetitions"]):
            record["started_at"] = 60.0 * number
        results = with_result(results, new, repeats)
    [entry] = results
    return entry


def outcomes(entry: dict[str, Any]) -> list[str]:
    return [claim["outcome"] for claim in entry["claims"]]


def test_replies_of_all_repetitions_are_counted_together() -> None:
    entry = played(*[verdicts()] * 30, repeats=30)
    bound = Proportion.counted(0, 30_000)
    assert entry["claims"][0]["seen"] == f"held in 30 of 30 repetitions; {bound}"
    assert entry["claims"][1]["seen"] == "held in 30 of 30 repetitions; in one: 90 ms"
    assert claims_table(entry["claims"], entry["repetitions"]) == [
        f"held  none fails - 30 of 30 repetitions, {bound}",
        "held  it is quick - 30 of 30 repetitions",
    ]
    assert (entry["outcome"], totals(entry).requests) == ("passed", 900)
    assert summary_table([entry])[1].split() == [
        *("tale,", "30", "times", "2", "of", "2", "900", "100.00%", "900.0")
    ]


def test_one_refuted_repetition_refutes_and_is_the_one_that_is_shown() -> None:
    entry = played(verdicts(), verdicts(none="refuted", failed=3), verdicts(), repeats=3)
    assert (entry["outcome"], outcomes(entry)) == ("failed", ["refuted", "held"])
    assert entry["started_at"] == 60.0
    seen = f"refuted in 1 of 3 repetitions; in one: 3, {Proportion.counted(3, 1000)}"
    assert last_line(entry) == f"tale is not as claimed: none fails (seen: {seen})"
    assert entry["claims"][0]["proportion"]["matching"] == 3
    assert entry["claims"][0]["proportion"]["of"] == 3000
    assert 'failures="1"' in junit_xml([entry])
    assert outcomes_of(NONE, entry["repetitions"]) == {"held": 2, "refuted": 1, "unjudged": 0}


def test_a_claim_counts_wherever_it_was_judged() -> None:
    """Also beside one that was not: what is unjudged is not thrown away with what is not."""
    entry = played(verdicts(quick="unjudged"), verdicts(), repeats=1)
    assert outcomes(entry) == ["held", "held"]
    assert entry["claims"][0]["proportion"]["of"] == 2000
    entry = played(verdicts(none="refuted", quick="unjudged", failed=1), verdicts(), repeats=1)
    assert (entry["outcome"], outcomes(entry)) == ("failed", ["refuted", "held"])


def test_with_fewer_repetitions_than_asked_for_what_held_is_unjudged() -> None:
    entry = played(verdicts(), verdicts(), repeats=3)
    assert (entry["outcome"], outcomes(entry)) == ("unjudged", ["unjudged", "unjudged"])
    assert entry["claims"][1]["seen"].endswith("; 2 of 3 repetitions were judged")
    refuted = played(verdicts(none="refuted", failed=1), repeats=3)
    assert refuted["outcome"] == "failed"


def test_a_control_counts_the_other_way_round() -> None:
    must = verdicts(none="refuted", failed=9)
    entry = played(must, must, repeats=2, control=True)
    assert (entry["outcome"], entry["claims"][0]["outcome"]) == ("passed", "refuted")
    entry = played(must, verdicts(), repeats=2, control=True)
    assert (entry["outcome"], entry["claims"][0]["outcome"]) == ("failed", "held")
    assert entry["claims"][0]["seen"].startswith("held in 1 of 2 repetitions; ")


UNJUDGED, HELD = {"quick": "unjudged"}, {}
REFUTED = {"none": "refuted", "failed": 1}


@pytest.mark.parametrize(
    ("each", "repeats", "again"),
    [
        ([HELD], 1, False),
        ([REFUTED], 1, False),
        ([REFUTED | UNJUDGED], 1, False),
        ([UNJUDGED], 1, True),
        ([UNJUDGED] * 2, 1, True),
        ([UNJUDGED] * 3, 1, False),
        ([UNJUDGED] * 2 + [HELD], 1, False),
        ([HELD] * 29, 30, True),
        ([HELD] * 30, 30, False),
        ([REFUTED], 2, True),
        ([REFUTED | UNJUDGED, HELD], 2, False),
        ([UNJUDGED, UNJUDGED, HELD, UNJUDGED, UNJUDGED], 4, True),
        ([HELD, *[UNJUDGED] * 3], 4, False),
    ],
)
def test_it_is_played_again_until_each_claim_was_judged_so_often(
    each: list[dict[str, Any]], repeats: int, again: bool
) -> None:
    entry = played(*[verdicts(**one) for one in each], repeats=repeats)
    assert is_played_again(entry, attempts=3) is again


def test_a_control_waits_only_for_the_claims_that_must_fail() -> None:
    entry = played(verdicts("refuted", "unjudged", 9), repeats=1, control=True)
    assert not is_played_again(entry, attempts=3)


@pytest.mark.parametrize(
    ("interruption", "again"),
    [
        (Interruption("stopped", "by an operator"), False),
        (Interruption("aborted", "40% succeeded"), False),
        (Interruption("died", "AWS has not answered"), False),
        (Interruption("starved", "40% succeeded; this machine was too busy"), True),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_an_interrupted_scenario_is_played_again_only_if_the_machine_was_too_busy(
    interruption: Interruption, again: bool
) -> None:
    unjudged = verdicts("unjudged", "unjudged")
    entry = played(verdicts(), unjudged, repeats=3, last=interruption)
    assert is_played_again(entry, 3, interruption) is again
    assert not is_played_again(entry, 1, interruption)
    assert last_line(entry) == f"tale is unjudged: {interruption}"


@pytest.mark.parametrize(
    ("each", "pace", "following"),
    [
        ([HELD], 1, 1),
        ([UNJUDGED], 1, 1),
        ([UNJUDGED] * 2, 1, 0.5),
        ([UNJUDGED] * 3, 0.5, 0.25),
        ([UNJUDGED] * 4, 0.25, 0.25),
        ([UNJUDGED, UNJUDGED, HELD], 0.5, 0.5),
        ([HELD, UNJUDGED], 0.5, 0.5),
    ],
)
def test_what_the_machine_was_too_busy_for_twice_is_played_more_slowly(
    each: list[dict[str, Any]], pace: float, following: float
) -> None:
    entry = played(*[verdicts(**one) for one in each], repeats=9)
    assert next_pace(entry, pace) == following


def test_judging_the_same_repetition_again_does_not_count_it_twice() -> None:
    entry = played(verdicts(), verdicts(), repeats=2)
    [again] = with_result([entry], {**entry, "repetitions": entry["repetitions"][-1:]}, 2)
    assert again == entry
    once = played(verdicts(), repeats=1)
    stricter = played(verdicts(none="refuted", failed=2), repeats=1)
    assert with_result([once], stricter) == [stricter]


def test_the_record_is_of_the_published_form_and_comes_back(tmp_path: Path) -> None:
    entry = played(verdicts(), verdicts(none="refuted", failed=2), repeats=5)
    path = tmp_path / "verdicts.json"
    write_results(path, "2026", [entry])
    jsonschema.validate(json.loads(path.read_text()), SCHEMA)
    assert read_results(path) == [entry]


@pytest.mark.parametrize("unknown", [(), ("outcome", "interruption")])
def test_a_run_of_an_older_version_was_played_once(
    tmp_path: Path, unknown: tuple[str, ...]
) -> None:
    entry = played(verdicts(), repeats=1)
    path = tmp_path / "verdicts.json"
    left_out = {"repeats", "repetitions", *unknown}
    old = {name: value for name, value in entry.items() if name not in left_out}
    path.write_text(json.dumps({"scenarios": [old]}))
    assert read_results(path) == [entry]


def test_the_times_of_all_repetitions() -> None:
    entry = played(verdicts(), verdicts(), repeats=2)
    for number, each in enumerate(entry["repetitions"]):
        each["time_to_seconds"] |= {"detect": 1.5 + number, "drain": None}
    assert spread(entry)["detect"] == [1.5, 2.5]
    assert "drain" not in spread(entry)


def test_the_page_shows_each_repetition_and_how_their_times_spread() -> None:
    entry = played(verdicts(), verdicts(none="refuted", failed=2), repeats=2)
    for number, each in enumerate(entry["repetitions"]):
        each["time_to_seconds"] |= {"detect": 1.0 + number, "drain": 3.0 if number else None}
    evidence = Story(fault=10, settled=20).traffic(0, 30, ["i-a"]).evidence()
    page = render(RunRecord("2026", (ScenarioRecord(entry, evidence),)))
    assert "<h3>2 repetitions</h3>" in page
    assert page.count(", shown below") == 1
    assert "detect, 1.0 to 2.0 s, median 1.5" in page
    assert "drain, 3.0" not in page  # one alone has no spread
    assert "none fails: refuted, 2, 2 of 1,000" in page
    once = ScenarioRecord(played(verdicts(), repeats=1), evidence)
    assert "repetitions" not in render(RunRecord("2026", (once,)))
