"""A scenario is observed: real traffic, a real AWS API, one folder of records."""

import functools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from observed_scenario import Observed

from evidence.observe import observation
from evidence.record.run_folder import RunFolder

Result = dict[str, Any]
RunModule = Callable[..., Result]


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
    assert (entries[4]["mutation"], entries[4]["inverse"]) == ("break it", "restore it")
    kinds = {sample["sample"] for sample in observed.lines("samples.jsonl")}
    assert kinds >= {"health_check", "target_health", "group", "stack"}


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


def test_a_folder_that_cannot_be_written_is_named(
    run_module: RunModule, options: dict[str, Any]
) -> None:
    runs = "/dev/null/runs"
    failed = run_module("observation", **{**options, "runs_directory": runs})
    assert failed["msg"] == (
        f"The run cannot be recorded: {runs}: Not a directory. Give it room and rights "
        f"below {runs}, then play it again"
    )


def test_a_file_of_another_version_names_no_observer(tmp_path: Path) -> None:
    (tmp_path / "observer.json").write_text('{"process": {"pid": 1, "started_at": "then"}}')
    assert observation.observer_of(RunFolder(tmp_path)) is None


def test_a_run_has_one_stack(run_module: RunModule, options: dict[str, Any]) -> None:
    run_module("observation", **options)
    failed = run_module("observation", **{**options, "stack_name": "second"})
    assert "a run has one stack; for second use --limit second" in failed["msg"]
