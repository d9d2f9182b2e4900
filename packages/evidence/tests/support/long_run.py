"""A run of many requests, written as its observers and its verdicts write it."""

from itertools import count
from pathlib import Path
from typing import Any

from evidence.claims import judge, parse_claims
from evidence.evidence import read_evidence
from evidence.record.journal import append_lines, size
from evidence.record.run_folder import RunFolder
from evidence.records import (
    GroupInstance,
    GroupSample,
    MachineSample,
    Reply,
    TargetHealthSample,
    TargetState,
    reply_to_json,
    sample_to_json,
)
from evidence.report.verdicts import scenario_result, write_results

SCENARIOS = 8
RATE = 1000
INSTANCES = ("i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb", "i-0cccccccccccccccc")
CLAIMS = [
    {"claim": "no request fails", "measure": "count", "where": {"kind": "error"}, "is": 0},
    {"claim": "every reply is 200", "measure": "share", "where": {"status": 200}, "is": 1},
    {"claim": "p99 stays low", "measure": "latency_p99_ms", "during": "after", "at_most": 100},
    {"claim": "all instances reply", "measure": "instances_seen", "is": 3},
    {"claim": "a target is unhealthy", "measure": "unhealthy_targets", "during": "after", "is": 1},
]


def write_run(path: Path, requests: int) -> RunFolder:
    """Eight scenarios, each with a fault, its repair and a moment at which the machine was starved.

    One request in 500 fails.
    """
    folder = RunFolder(path)
    results = []
    for number in range(SCENARIOS):
        scenario, replies = f"scenario-{number}", requests // SCENARIOS
        _record(folder, scenario, replies, started_at=1_800_000_000 + number * 2 * replies / RATE)
        evidence = read_evidence(folder, scenario)
        verdicts = [judge(claim, evidence) for claim in parse_claims(CLAIMS)]
        result = scenario_result(
            evidence,
            verdicts,
            hypothesis="One instance may fail",
            objective=0.99,
            negative_control=False,
        )
        results.append(result)
    write_results(folder.verdicts, path.name, results)
    return folder


def _record(folder: RunFolder, scenario: str, replies: int, started_at: float) -> None:
    stopped_at = started_at + replies / RATE
    fault, settled, repair, restored = (
        started_at + share * (stopped_at - started_at) for share in (0.2, 0.4, 0.7, 0.8)
    )

    def entry(at: float, event: str, **details: Any) -> None:
        sizes = {"requests_size": size(folder.requests), "samples_size": size(folder.samples)}
        line = {"at": at, "scenario": scenario, "event": event, **sizes, **details}
        append_lines(folder.journal, [line])

    entry(started_at, "started", settings={"backend": "local"}, rate=RATE)
    entry(fault, "mark", mark="fault", instance=INSTANCES[0], mutation="break it", inverse="fix it")
    entry(settled, "mark", mark="settled")
    entry(repair, "mark", mark="repair", mutation="fix it")
    entry(restored, "mark", mark="restored")
    append_lines(
        folder.requests,
        (reply_to_json(_reply(started_at, number), scenario) for number in range(replies)),
    )
    group = tuple(GroupInstance(name, "us-east-1a", "InService") for name in INSTANCES)
    for number in count():
        at = started_at + number / 5
        if at >= stopped_at:
            break
        broken = "unhealthy" if settled - 0.2 <= at < restored else "healthy"
        states = dict.fromkeys(INSTANCES, "healthy") | {INSTANCES[0]: broken}
        targets = tuple(TargetState(name, 80, None, state) for name, state in states.items())
        stall_ms = 140.0 if number == 9 else 1.0 + number % 4
        machine = MachineSample(at, 0.2, stall_ms, pressure=0.1 + number % 5 / 20, stolen=0.01)
        for sample in (TargetHealthSample(at, targets), GroupSample(at, group), machine):
            append_lines(folder.samples, [sample_to_json(sample, scenario)])
    entry(stopped_at, "stopped", missed=0)


def _reply(started_at: float, number: int) -> Reply:
    failed = number % 500 == 499
    return Reply(
        scheduled_at=started_at + number / RATE,
        late_ms=0.4,
        latency_ms=5 + number % 7,
        status=502 if failed else 200,
        kind="error" if failed else "real",
        error="502" if failed else None,
        instance=None if failed else INSTANCES[number % 3],
    )
