"""verdicts.json keeps its published form; junit.xml and the tables say the same."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from story import Story

from evidence import report
from evidence.claims import Verdict, judge, parse_claims
from evidence.evidence import Interruption
from evidence.judge.proportion import Proportion
from evidence.judge.starvation import did_not_come
from evidence.judge.statistics import percent
from evidence.report import verdicts
from evidence.report.junit import junit_xml
from evidence.report.table import claims_table, control_table, last_line, summary_table
from evidence.report.verdicts import read_results, scenario_result, with_result, write_results

SCHEMA = json.loads(Path(report.__file__).with_name("verdicts.schema.json").read_text())

HELD = Verdict("all is well", "share is 100%", "100%", "held", must_fail_in_control=True)
REFUTED = Verdict("none fails", "count is 0", "3", "refuted", must_fail_in_control=True)
PROPORTION = Proportion.counted(7, 7)
CLAIMS = [
    {"claim": "none fails", "measure": "count", "where": {"kind": "error"}, "is": 0},
    {
        "claim": "most are good",
        "measure": "share",
        "where": {"status": [200, 201]},
        "among": {"instance": {"not": "i-b"}},
        "during": ["before", "after"],
        "at_least": 0.9,
        "at_most": 1,
    },
    {"claim": "it is bad", "measure": "target_state", "instance": "i-b", "is": "unhealthy"},
]
UNJUDGED = Verdict("somebody replies", "count is 1", "no reply was recorded", "unjudged")


def result(evidence: Any, *verdicts: Verdict, control: bool = False) -> dict[str, Any]:
    return scenario_result(
        evidence, verdicts, hypothesis="It holds", objective=0.99, negative_control=control
    )


def rich() -> Any:
    tale = Story(fault=10, fault_on="i-b", settled=20).traffic(0, 30, ["i-a"], release="1")
    tale.reply(11, "error").reply(12, "error", status=None, error="reset")
    tale.health(0, 13, {"i-b": "healthy"}).health(13, 20, {"i-b": "unhealthy"})
    return tale.health(20, 30, {"i-b": "healthy"}).evidence()


@pytest.mark.parametrize("content", ["rich", "empty"])
def test_verdicts_json_is_of_the_published_form(tmp_path: Path, content: str) -> None:
    evidence = rich() if content == "rich" else Story().evidence()
    path = tmp_path / "verdicts.json"
    verdicts = [judge(claim, evidence) for claim in parse_claims(CLAIMS)]
    write_results(path, "2026", [result(evidence, *verdicts)])
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(path.read_text())
    jsonschema.validate(document, SCHEMA)
    document["scenarios"][0]["figures"]["mood"] = "good"
    with pytest.raises(jsonschema.ValidationError, match="mood"):
        jsonschema.validate(document, SCHEMA)


def test_a_steady_state_that_came_too_late_is_of_the_published_form(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    evidence = rich()
    late = did_not_come(evidence, 0, "after 10 s not reached")
    judged = [judge(claim, evidence) for claim in parse_claims(CLAIMS)]
    write_results(path, "2026", [result(evidence, late, *judged)])
    document = json.loads(path.read_text())
    assert document["scenarios"][0]["claims"][0]["definition"] == {}
    jsonschema.validate(document, SCHEMA)
    document["scenarios"][0]["claims"][0]["definition"] = {"during": ["all"]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    assert read_results(path) == []
    written = [result(rich(), HELD)]
    write_results(path, "2026", written)
    assert read_results(path) == written
    assert [child.name for child in tmp_path.iterdir()] == ["verdicts.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scenarios": [{}]}', '{"scenarios": 1}'])
def test_a_file_that_is_damaged_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "verdicts.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"^{path} is damaged or of another version: [^\n]*$"):
        read_results(path)


def test_a_scenario_and_its_control_are_entries_of_their_own() -> None:
    scenario = result(Story().evidence(), HELD)
    control = result(Story().evidence(), REFUTED, control=True)
    assert with_result(with_result([], scenario), control) == [scenario, control]
    assert with_result([scenario, control], control) == [scenario, control]


def suites(*results: dict[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(junit_xml(results))  # noqa: S314 - written just above


def test_junit_has_a_case_for_each_claim() -> None:
    root = suites(result(rich(), HELD, REFUTED, UNJUDGED))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    [suite] = root
    assert (suite.get("name"), suite.get("time")) == ("tale", "30.000")
    assert suite.get("timestamp") == "1970-01-01T00:00:00"
    assert [
        (case.get("name"), [(child.tag, child.get("message")) for child in case]) for case in suite
    ] == [
        ("all is well", [("system-out", None)]),
        ("none fails", [("failure", "expected: count is 0; seen: 3")]),
        ("somebody replies", [("error", "expected: count is 1; seen: no reply was recorded")]),
    ]


def test_in_a_control_the_claim_that_held_is_the_failure() -> None:
    other = Verdict("by the way", "e", "s", "refuted")
    [suite] = suites(result(rich(), HELD, REFUTED, other, UNJUDGED, control=True))
    assert suite.get("name") == "tale (negative control)"
    assert [[child.tag for child in case] for case in suite] == [
        ["failure"],
        ["system-out"],
        ["skipped"],
        ["error"],
    ]


def test_a_claim_that_held_on_a_count_says_what_that_is_worth() -> None:
    """In the table, and in every record: of how many replies, and the bound of the rate."""
    verdict = replace(HELD, seen="100%, 7 of 7: above 65% (95%)", proportion=PROPORTION)
    entry = result(rich(), verdict)
    assert claims_table(entry["claims"]) == ["held  all is well - 7 of 7: above 65% (95%)"]
    assert entry["claims"][0]["proportion"] == asdict(PROPORTION)
    case = suites(entry).find(".//testcase")
    assert case is not None
    assert case.findtext("system-out") == "seen: 100%, 7 of 7: above 65% (95%)"


def test_tables() -> None:
    good = result(rich(), HELD)
    bad = result(rich(), HELD, REFUTED, UNJUDGED)
    assert claims_table(bad["claims"]) == [
        "held      all is well",
        "REFUTED   none fails",
        "            expected: count is 0",
        "            seen:     3",
        "UNJUDGED  somebody replies",
        "            expected: count is 1",
        "            seen:     no reply was recorded",
    ]
    assert control_table(bad["claims"])[::3] == [
        "DID NOT FAIL        all is well",
        "failed, as it must  none fails",
    ]
    assert summary_table([good, bad, result(rich(), HELD, UNJUDGED)]) == [
        "scenario  claims held  requests  success  seconds",
        "tale           1 of 1        32   93.75%     30.0",
        "tale           1 of 3        32   93.75%     30.0  FAILED",
        "tale           1 of 2        32   93.75%     30.0  UNJUDGED",
    ]


def test_what_did_not_come_out_as_it_must_is_told_in_one_line() -> None:
    both = (HELD, REFUTED, UNJUDGED)
    assert last_line(result(rich(), *both)) == (
        "tale is not as claimed: none fails (seen: 3). "
        "unjudged: somebody replies (no reply was recorded)"
    )
    assert last_line(result(rich(), HELD, UNJUDGED)) == (
        "tale is unjudged: somebody replies (no reply was recorded)"
    )
    assert last_line(result(rich(), *both, control=True)) == (
        f"the negative control of tale does not fail as it must: all is well (seen: {HELD.seen})"
    )
    died = replace(rich(), interruption=Interruption("died", "the stack was deleted"))
    assert last_line(result(died, UNJUDGED)) == (
        "tale is unjudged: the backend died: the stack was deleted"
    )


def test_a_control_without_its_steady_state_says_so_everywhere() -> None:
    evidence = rich()
    late = did_not_come(evidence, 0, "after 10 s not reached")
    entry = result(evidence, REFUTED, late, control=True)
    assert (entry["passed"], entry["outcome"]) == (False, "failed")
    assert control_table(entry["claims"])[::3] == [
        "failed, as it must  none fails",
        "DID NOT HOLD        the steady state comes",
    ]
    assert last_line(entry) == (
        "the negative control of tale proves nothing: the steady state comes "
        "(seen: after 10 s not reached)"
    )
    [suite] = suites(entry)
    assert [[child.tag for child in case] for case in suite] == [["system-out"], ["failure"]]
    again = with_result([], entry)
    assert again[0]["outcome"] == "failed"
    document = {"schema": verdicts.SCHEMA, "run": "2026", "scenarios": again}
    jsonschema.validate(json.loads(json.dumps(document)), SCHEMA)


def test_text_from_outside_stays_text() -> None:
    hostile = Verdict("red \x1b[31m", "e", "line\nbreak \x07\u202e", "refuted")
    bad = result(rich(), hostile)
    said = [*claims_table(bad["claims"]), last_line(bad)]
    assert all(line.isprintable() for line in said)
    assert "\\x1b[31m" in said[0]
    assert suites(bad).find("testsuite/testcase").get("name") == "red \\x1b[31m"


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "-"), (1, "100.00%"), (0.999999, "<100%"), (0.99994, "99.99%"), (0, "0.00%")],
)
def test_a_share_that_is_not_whole_is_never_shown_as_whole(share: Any, text: str) -> None:
    assert percent(share) == text
