"""What the page says is behind a claim is what jq finds in the files, line by line."""

import json
import shlex
from dataclasses import asdict, replace
from typing import Any

import jq
import pytest
from story import Story

from evidence.claims import judge, parse_claims
from evidence.evidence import Evidence, Interruption
from evidence.record.reply import HELD
from evidence.records import reply_to_json, sample_to_json
from evidence.report.behind import Behind, Selection, behind

NOT_OF_REPLIES = {"scenario", "stream"}


def rich() -> Evidence:
    """Ten failures after the fault, two of them slow; the other instance replies all the time."""
    tale = Story(steady=2, fault=10, fault_on="i-b", settled=20, repair=24, restored=26)
    tale.traffic(0, 30, ["i-a", "i-b"], release="1").traffic(5, 8, ["i-a"], "static")
    for number in range(10):
        latency_ms = 300 + number if number in {4, 6} else 5
        tale.reply(10 + number / 2, "error", status=503, error="503", latency_ms=latency_ms)
    tale.reply(12.25, "error", status=None, error="reset")
    tale.hold(0, 15).hold(15, 17, "error").hold(17, 30)
    tale.group(0, 30, {"i-a": "InService", "i-b": "InService"})
    evidence: Evidence = tale.health(0, 30, {"i-a": "healthy", "i-b": "unhealthy"}).evidence()
    return evidence


def found(selection: Selection, evidence: Evidence) -> list[dict[str, Any]]:
    """What the command prints, of this scenario's lines and those of another at the same time."""
    program, option, condition, file = shlex.split(selection.command)
    assert (program, option) == ("jq", "-c")
    lines: list[dict[str, Any]] = []
    for name in (evidence.scenario, "another"):
        if file == "requests.jsonl":
            lines += [reply_to_json(reply, name) for reply in evidence.replies]
            lines += [reply_to_json(reply, name, HELD) for reply in evidence.held.replies]
        else:
            lines += [sample_to_json(sample, name) for sample in evidence.samples]
    return list(jq.compile(condition).input_text("\n".join(map(json.dumps, lines))))


def looked_up(evidence: Evidence, **claim: Any) -> Behind:
    [parsed] = parse_claims([{"claim": "so it is", **claim}])
    shown = behind(asdict(judge(parsed, evidence)), evidence)
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("claim", "counted", "against"),
    [
        ({"measure": "count", "where": {"kind": "error"}, "is": 0}, 22 * 2 + 3 + 11, 11),
        (
            {"measure": "count", "where": {"kind": "error"}, "during": ["all", "after"], "is": 0},
            22 * 2 + 3 + 11,
            11,
        ),
        ({"measure": "count", "where": {"error": ["502", "503"]}, "at_most": 3}, 58, 10),
        ({"measure": "count", "where": {"error": {"not": "503"}}, "at_most": 3}, 58, 48),
        ({"measure": "share", "where": {"status": 200}, "is": 1}, 58, 11),
        ({"measure": "share", "where": {"status": [200, 503]}, "at_least": 1}, 58, 1),
        (
            {
                "measure": "share",
                "where": {"kind": "real", "release": "1"},
                "among": {"instance": {"not": ["i-b", "i-c"]}},
                "during": ["before", "restored"],
                "is": 1,
            },
            8 + 3 + 4,
            3,
        ),
        ({"measure": "latency_p99_ms", "during": "during", "at_most": 250}, 20 + 11, 2),
        ({"measure": "held_count", "where": {"kind": "error"}, "is": 0}, 22, 2),
    ],
)
def test_the_commands_select_what_the_page_counts(
    claim: dict[str, Any], counted: int, against: int
) -> None:
    evidence = rich()
    shown = looked_up(evidence, **claim)
    assert shown.against is not None
    assert (shown.counted.lines, shown.against.lines) == (counted, against)
    assert len(found(shown.counted, evidence)) == counted
    bad = found(shown.against, evidence)
    assert len(bad) == against
    printed = [
        {key: value for key, value in line.items() if key not in NOT_OF_REPLIES} for line in bad
    ]
    for reply in shown.replies:
        assert {key: value for key, value in asdict(reply).items() if value is not None} in printed


def test_the_slowest_replies_come_first() -> None:
    shown = looked_up(rich(), measure="latency_max_ms", at_most=100)
    assert [reply.latency_ms for reply in shown.replies] == [306, 304]
    assert shown.reason == "slower than 100 ms"


@pytest.mark.parametrize(
    ("claim", "file", "lines"),
    [
        ({"measure": "unhealthy_targets", "during": "after", "is": 1}, "samples.jsonl", 4),
        ({"measure": "in_service_instances", "is": 2}, "samples.jsonl", 22),
        ({"measure": "new_instances", "is": 0}, "samples.jsonl", 30),
        ({"measure": "instances_seen", "during": "after", "is": 2}, "requests.jsonl", 8),
        ({"measure": "share", "where": {"kind": "static"}, "at_least": 0.1}, "requests.jsonl", 58),
    ],
)
def test_a_claim_that_no_single_request_refutes_shows_all_its_records(
    claim: dict[str, Any], file: str, lines: int
) -> None:
    evidence = rich()
    shown = looked_up(evidence, **claim)
    assert (shown.counted.file, shown.counted.lines, shown.against) == (file, lines, None)
    assert len(found(shown.counted, evidence)) == lines


def test_nothing_is_behind_a_time_that_never_came() -> None:
    evidence = replace(rich(), marks=(), interruption=Interruption("stopped", "by me"))
    [claim] = parse_claims(
        [{"claim": "c", "measure": "count", "where": {"kind": "error"}, "during": "after", "is": 0}]
    )
    assert behind(asdict(judge(claim, evidence)), evidence) is None


def test_an_entry_of_an_older_version_has_nothing_to_look_up() -> None:
    assert behind({"claim": "c", "expected": "e", "seen": "s"}, rich()) is None
    refused = {"measure": "count", "where": {"kind": "eror"}, "during": ["all"], "is": 0}
    assert behind({"claim": "c", "definition": refused}, rich()) is None
