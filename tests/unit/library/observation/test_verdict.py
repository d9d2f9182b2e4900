"""What a verdict says of a scenario that was observed, and what it writes."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from observed_scenario import REAL, Observed

from evidence.record.run_folder import RunFolder

Result = dict[str, Any]
RunModule = Callable[..., Result]


def test_a_verdict_is_written_once(
    run_module: RunModule, judged: dict[str, Any], runs: Path
) -> None:
    run = runs / "latest"
    assert not run_module("verdict", check=True, **judged)["changed"]
    assert not (run / "verdicts.json").exists()

    verdict = run_module("verdict", **judged)

    assert (verdict["passed"], verdict["changed"]) == (True, True)
    (line,) = verdict["table"]
    assert re.fullmatch(r"held  every reply is real - (\d+) of \1: above [\d.]+% \(95%\)", line)
    assert not run_module("verdict", **judged)["changed"]
    written = {path.name for path in run.iterdir()}
    assert written >= {"chaos-journals", "junit.xml", "verdicts.json"}


def test_of_a_scenario_in_which_the_clock_was_set_nothing_is_judged(
    run_module: RunModule, judged: dict[str, Any], runs: Path
) -> None:
    journal = (runs / "latest").resolve() / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    lines[-1]["clock_offset"] += 4
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    verdict = run_module("verdict", **judged, attempts=1)
    assert verdict["outcome"] == "unjudged"
    assert "this machine's clock was set by +4.00 s, or it slept" in verdict["msg"]


def test_a_false_claim_is_refuted_and_passes_a_negative_control(
    run_module: RunModule, judged: dict[str, Any]
) -> None:
    false = {"claim": "it is broken", "measure": "unhealthy_targets", "is": 3}
    failed = run_module("verdict", **{**judged, "claims": [REAL, false]})
    assert failed["failed"]
    assert "REFUTED  it is broken" in failed["msg"]
    assert "seen:     0 in" in failed["msg"]

    control = {**judged, "negative_control": True}
    must_fail = {"must_fail_in_control": True}
    assert run_module("verdict", **{**control, "claims": [false | must_fail]})["passed"]
    held = run_module("verdict", **{**control, "claims": [REAL | must_fail]})
    assert "DID NOT FAIL" in held["msg"]


def test_a_stall_of_this_machine_is_no_proof_that_a_claim_can_fail(
    run_module: RunModule, observed: Observed, judged: dict[str, Any], runs: Path
) -> None:
    samples = RunFolder(runs / observed.folder.name).samples
    lines = [json.loads(line) for line in samples.read_text().splitlines()]
    stalled = [
        line | {"stall_ms": 900.0} if line["sample"] == "machine" else line for line in lines
    ]
    samples.write_text("".join(json.dumps(line) + "\n" for line in stalled))
    false = {"claim": "it is broken", "measure": "unhealthy_targets", "is": 3}
    claims = [false | {"must_fail_in_control": True}]
    judgement = run_module("verdict", **{**judged, "claims": claims, "negative_control": True})
    assert (judgement["passed"], judgement["outcome"]) == (False, "unjudged")
    assert "it stood still for 900 ms" in judgement["msg"]


def test_judging_ends_the_observation_of_another_scenario_of_the_run(
    run_module: RunModule, options: dict[str, Any], judged: dict[str, Any], runs: Path
) -> None:
    where = {"runs_directory": str(runs)}
    run_module("verdict", **judged)
    run_module("observation", **{**options, "scenario": "again"})
    run_module("observation", **where, state="awaited", replies=5)

    assert run_module("verdict", **where, scenario="again", claims=[REAL])["passed"]
    assert not run_module("observation", **where, state="stopped")["changed"]


def test_a_steady_state_that_came_too_late_is_in_every_record(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    where = {"runs_directory": str(runs)}
    began_at = time.time()
    run_module("observation", **options)
    run_module("observation", **where, state="awaited", replies=5, mark="steady")
    late = {"unsteady": "after 60 s not reached: 98% are real", "unsteady_since": began_at}
    verdict = run_module("verdict", **where, scenario="healthy", claims=[REAL], pace=0.5, **late)
    assert verdict["failed"]
    assert verdict["pace"] == 0.5, "what restores the service is played at it"
    assert "the steady state comes" in verdict["msg"]
    assert run_module("report", **where)["changed"]
    for record in ("verdicts.json", "junit.xml", "report.html", "chaos-journals/healthy.json"):
        assert "98% are real" in (runs / "latest" / record).read_text(), record


def test_a_control_whose_steady_state_came_too_late_proves_nothing(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    where = {"runs_directory": str(runs)}
    began_at = time.time()
    run_module("observation", **options)
    run_module("observation", **where, state="awaited", replies=5, mark="steady")
    broken = {"claim": "it is broken", "measure": "unhealthy_targets", "is": 3}
    judged = {**where, "scenario": "healthy", "negative_control": True}
    judged |= {"unsteady": "after 60 s not reached: 98% are real", "unsteady_since": began_at}

    for claims in ([REAL], [broken | {"must_fail_in_control": True}]):
        verdict = run_module("verdict", **judged, claims=claims)
        assert verdict["failed"]
        # Unjudged, where this machine was too busy for anything to come in time.
        assert verdict["outcome"] in {"failed", "unjudged"}
        assert verdict["last_line"].startswith("the negative control of healthy ")
    [entry] = json.loads((runs / "latest/verdicts.json").read_text())["scenarios"]
    assert entry["negative_control"]
    assert not entry["passed"]


def test_without_records_there_is_nothing_to_judge(run_module: RunModule, tmp_path: Path) -> None:
    where = {"runs_directory": str(tmp_path)}
    failed = run_module("report", **where)
    assert "none yet; play a scenario first" in failed["msg"]
    failed = run_module("verdict", scenario="healthy", claims=[REAL], **where)
    assert "this playbook has observed nothing: begin with the task observation" in failed["msg"]
