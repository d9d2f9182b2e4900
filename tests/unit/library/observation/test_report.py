"""What a report of a run is made of, and what it is compared with."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Result = dict[str, Any]
RunModule = Callable[..., Result]


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
