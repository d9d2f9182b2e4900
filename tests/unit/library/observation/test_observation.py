"""observation, verdict and report: real traffic, a real AWS API, one folder of records."""

import functools
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from observed_scenario import runs_below, start_options

from evidence.observe import observation
from evidence.observe.configuration import Subject
from evidence.record.run_folder import RunFolder

Result = dict[str, Any]
RunModule = Callable[..., Result]
Client = Callable[[str], Any]
REAL = {"claim": "every reply is real", "measure": "share", "where": {"kind": "real"}, "is": 1}


@dataclass(frozen=True)
class Observed:
    """A scenario that was observed from its start to its end, and not judged.

    `results` are those of its tasks by what they did; `again` those of the same tasks repeated.
    """

    runs: Path
    results: dict[str, Result]
    again: dict[str, Result]

    @property
    def folder(self) -> Path:
        return Path(self.results["started"]["run_folder"])

    def lines(self, file: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / file).read_text().splitlines()]


@pytest.fixture(scope="module")
def observed(
    run_module: RunModule,
    subject: Subject,
    url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Observed]:
    play = functools.partial(run_module, "observation")
    fault = {"mark": "fault", "mutation": "break it", "inverse": "mend it"}
    results, again = {}, {}
    with runs_below(tmp_path_factory.mktemp("observed")) as runs:
        where = {"runs_directory": str(runs)}
        start = start_options(runs, url, subject)
        stop = {**where, "state": "stopped"}
        results["started"], again["started"] = play(**start), play(**start)
        results["steady"] = play(**where, state="awaited", replies=5, mark="steady")
        results["fault"] = play(**where, state="marked", **fault)
        results["settled"] = play(**where, state="awaited", until=[REAL], replies=5, mark="settled")
        results["unmarked"] = play(**where, state="awaited", replies=10)
        results["stopped"], again["stopped"] = play(**stop), play(**stop)
        yield Observed(runs, results, again)


@pytest.fixture
def judged(observed: Observed, runs: Path) -> dict[str, Any]:
    """What a verdict on the observed scenario is asked for, with a copy of its records."""
    shutil.copytree(observed.runs, runs, symlinks=True)
    claims = [{**REAL, "during": "after"}]
    return {"runs_directory": str(runs), "scenario": "healthy", "claims": claims}


def test_check_mode_begins_no_run(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    started = run_module("observation", check=True, **options)
    assert started["changed"]
    assert started["began_at"] <= time.time()
    assert not runs.exists()
    wrong = run_module("observation", check=True, **options | {"rate": 0})
    assert wrong["failed"]
    assert "rate" in wrong["msg"]


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ({"state": "stopped"}, False),
        ({"state": "awaited"}, False),
        ({"state": "awaited", "mark": "steady"}, True),
        ({"state": "marked", "mark": "fault"}, True),
    ],
)
def test_check_mode_where_nothing_is_observed(
    options: dict[str, Any], changes: bool, run_module: RunModule, runs: Path
) -> None:
    result = run_module("observation", check=True, runs_directory=str(runs), **options)
    assert result["changed"] is changes
    assert not runs.exists()


def test_check_mode_while_it_is_observed(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    check = functools.partial(run_module, "observation", check=True)
    run_module("observation", **options)
    assert check(**options)["changed"] is False
    assert check(**options | {"scenario": "another"})["changed"] is True
    stop = {"state": "stopped", "runs_directory": str(runs)}
    assert check(**stop)["changed"] is True
    assert run_module("observation", **stop)["changed"] is True
    assert check(**stop)["changed"] is False


def test_a_scenario_is_started_marked_and_stopped_once(observed: Observed) -> None:
    changed = {name: result["changed"] for name, result in observed.results.items()}
    assert changed.pop("unmarked") is False
    assert all(changed.values()), changed
    assert not any(result["changed"] for result in observed.again.values())

    assert observed.results["fault"]["run_folder"] == str(observed.folder)
    assert observed.results["settled"]["at"] > observed.results["fault"]["at"]
    assert observed.results["stopped"]["requests"] >= 15
    assert observed.results["stopped"]["success_share"] == 1


def test_what_is_awaited_is_returned_as_it_was_seen(observed: Observed) -> None:
    assert observed.results["steady"]["health_check"] == {
        "interval_seconds": 30,
        "timeout_seconds": 5,
        "healthy_threshold": 5,
        "unhealthy_threshold": 2,
        "eviction_seconds": 65,
        "recovery_seconds": 155,
    }
    seen = observed.results["settled"]["seen"]
    assert seen == ["every reply is real: 100%, 5 of 5: above 54% (95%)"]


def test_the_journal_has_each_step_and_the_samples_are_of_every_kind(observed: Observed) -> None:
    entries = [each for each in observed.lines("journal.jsonl") if each["event"] != "progress"]
    assert [(entry["event"], entry.get("mark")) for entry in entries] == [
        ("started", None),
        ("awaiting", None),
        ("observing", None),
        ("mark", "steady"),
        ("mark", "fault"),
        ("awaiting", None),
        ("mark", "settled"),
        ("awaiting", None),
        ("stopped", None),
    ]
    assert (entries[4]["mutation"], entries[4]["inverse"]) == ("break it", "mend it")
    kinds = {sample["sample"] for sample in observed.lines("samples.jsonl")}
    assert kinds >= {"health_check", "target_health", "group", "stack"}


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


def test_a_report_is_written_once_and_again_for_a_comparison(
    run_module: RunModule, judged: dict[str, Any], runs: Path
) -> None:
    where, page = {"runs_directory": str(runs)}, runs / "latest/report.html"
    run_module("verdict", **judged)
    assert run_module("report", check=True, **where)["changed"]
    assert not page.exists()

    report = run_module("report", **where)

    assert (report["changed"], report["regressions"]) == (True, 0)
    assert report["summary"][1].split()[:4] == ["healthy", "1", "of", "1"]
    assert "1 of 1 claims held" in page.read_text()
    assert not run_module("report", **where)["changed"]
    assert not run_module("report", check=True, **where)["changed"]
    older = runs / "2020-01-31T18-00-00Z"
    shutil.copytree((runs / "latest").resolve(), older)
    compared = run_module("report", **where, against=older.name)
    assert (compared["changed"], compared["regressions"]) == (True, 0)
    assert "no run 'r1'" in run_module("report", **where, run="r1")["msg"]


def test_a_run_is_not_compared_with_itself(
    run_module: RunModule, judged: dict[str, Any], runs: Path
) -> None:
    where, name = {"runs_directory": str(runs)}, (runs / "latest").resolve().name
    run_module("verdict", **judged)
    for against in ({"against": "latest"}, {"against": name}, {"against": "latest", "run": name}):
        said = run_module("report", **where, **against)["msg"]
        assert said == (
            f"against is {against['against']!r}, which is the run of the report itself, {name}; "
            "another one is expected (other runs with verdicts: none)"
        )
    shutil.copytree(runs / name, runs / "2020-01-31T18-00-00Z")
    said = run_module("report", **where, against="latest")["msg"]
    assert said.endswith("(other runs with verdicts: 2020-01-31T18-00-00Z)")
    swapped = run_module("report", **where, run="2020-01-31T18-00-00Z", against="latest")
    assert swapped["regressions"] == 0


def test_records_of_another_version_are_named_in_one_line(
    run_module: RunModule, judged: dict[str, Any], runs: Path
) -> None:
    run_module("verdict", **judged)
    samples = (runs / "latest").resolve() / "samples.jsonl"
    samples.write_text(samples.read_text().replace('"sample":"group"', '"sample":"zzzzz"'))
    for failed in (run_module("report", runs_directory=str(runs)), run_module("verdict", **judged)):
        assert failed["failed"]
        assert failed["msg"].startswith(f"{samples}, line ")
        assert "'zzzzz' is missing or unknown; a sample, one of target_health, " in failed["msg"]


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


def test_held_requests_are_claimed_about_by_themselves(
    run_module: RunModule, options: dict[str, Any], url: str, runs: Path
) -> None:
    where = {"runs_directory": str(runs)}
    held = {"url": f"{url}?hold=1", "rate": 10, "timeout_seconds": 2}
    started = run_module("observation", **options, held=held)
    assert not run_module("observation", **options, held=held)["changed"]
    cut = {"claim": "none was cut", "measure": "held_count", "where": {"kind": "error"}, "is": 0}
    run_module("observation", **where, state="awaited", replies=100, until=[cut])
    stopped = run_module("observation", **where, state="stopped")
    verdict = run_module("verdict", **where, scenario="healthy", claims=[cut])
    (line,) = verdict["table"]
    lines = (Path(started["run_folder"]) / "requests.jsonl").read_text().splitlines()
    streams = [json.loads(line).get("stream") for line in lines]
    assert stopped["requests"] == streams.count(None)
    assert f"0 of {streams.count('held')}:" in line
    assert streams.count("held") >= 10


@pytest.mark.parametrize(
    ("held", "complaint"),
    [
        ({"rate": 5}, "missing required arguments: url found in held"),
        ({"url": "127.0.0.1:9/"}, "held_url is '127.0.0.1:9/'; http:// or https:// with a host"),
        ({"url": "http://127.0.0.1:9/", "rate": 5000}, "held_rate is 5000; 0.1 to 100"),
        ({"url": "http://127.0.0.1:9/", "timeout_seconds": 0}, "held_timeout_seconds is 0;"),
    ],
)
def test_held_requests_that_cannot_be_sent_are_refused(
    run_module: RunModule, options: dict[str, Any], runs: Path, held: Any, complaint: str
) -> None:
    assert complaint in run_module("observation", **options, held=held)["msg"]
    assert not runs.exists()


def test_an_address_without_its_scheme_is_refused_before_a_run_begins(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    failed = run_module("observation", **{**options, "url": "localhost:8080"})
    assert failed["msg"].startswith("url is 'localhost:8080'; http:// or https:// with a host")
    assert not runs.exists()


def test_what_does_not_come_is_told_with_what_was_seen(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    run_module("observation", **options)
    where = {"runs_directory": str(runs), "state": "awaited"}
    run_module("observation", **where, replies=2)
    never = {"claim": "it breaks", "measure": "count", "where": {"kind": "error"}, "at_least": 1}
    failed = run_module("observation", **where, until=[never], replies=2, timeout_seconds=0.2)
    assert failed["failed"]
    assert "count where kind=error (all) at least 1 (seen: 0, 0 of 2" in failed["msg"]
    wrong = run_module("observation", **where, until=[{**never, "measure": "colour"}])
    assert "unknown measure 'colour'" in wrong["msg"]


def test_a_target_group_that_is_not_there_is_named(
    run_module: RunModule, options: dict[str, Any], runs: Path
) -> None:
    missing = options["target_group_arn"].replace("demo", "gone")
    run_module("observation", **{**options, "target_group_arn": missing})
    failed = run_module("observation", state="awaited", runs_directory=str(runs))
    assert "AWS's view of the service cannot be read" in failed["msg"]
    assert "target groups not found" in failed["msg"]


@pytest.mark.parametrize("state", ["marked", "awaited"])
def test_without_an_observation_there_is_nothing_to_mark(
    run_module: RunModule, tmp_path: Path, state: str
) -> None:
    failed = run_module("observation", state=state, mark="fault", runs_directory=str(tmp_path))
    assert "this playbook observes nothing" in failed["msg"]


def test_without_records_there_is_nothing_to_judge(run_module: RunModule, tmp_path: Path) -> None:
    where = {"runs_directory": str(tmp_path)}
    failed = run_module("report", **where)
    assert "none yet; play a scenario first" in failed["msg"]
    failed = run_module("verdict", scenario="healthy", claims=[REAL], **where)
    assert "this playbook has observed nothing: begin with the task observation" in failed["msg"]


def test_a_file_of_another_version_names_no_observer(tmp_path: Path) -> None:
    (tmp_path / "observer.json").write_text('{"process": {"pid": 1, "started_at": "then"}}')
    assert observation.observer_of(RunFolder(tmp_path)) is None


def test_a_run_has_one_stack(run_module: RunModule, options: dict[str, Any]) -> None:
    run_module("observation", **options)
    failed = run_module("observation", **{**options, "stack_name": "second"})
    assert "a run has one stack; for second use --limit second" in failed["msg"]
