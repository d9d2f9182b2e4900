"""One folder for each run, and who owns it."""

import json
from pathlib import Path

import pytest

from evidence.run_folder import existing_run, run_of
from local_aws.processes import ProcessIdentity

MINE = ProcessIdentity(1, "then")
OTHER = ProcessIdentity(1, "later")


def test_one_owner_has_one_run_and_the_next_another(tmp_path: Path) -> None:
    first = run_of(MINE, tmp_path / "runs")
    assert run_of(MINE, tmp_path / "runs") == first
    second = run_of(OTHER, tmp_path / "runs")
    assert second != first  # also when both begin in one second
    assert existing_run("latest", tmp_path / "runs") == second
    assert existing_run(first.path.name, tmp_path / "runs") == first
    assert json.loads(first.run.read_text())["owner"] == {"pid": 1, "started_at": "then"}


def test_a_former_run_that_is_not_the_latest_is_not_taken_up_again(tmp_path: Path) -> None:
    first = run_of(MINE, tmp_path)
    run_of(OTHER, tmp_path)
    assert run_of(MINE, tmp_path) != first


def test_latest_may_point_to_a_folder_that_was_removed(tmp_path: Path) -> None:
    first = run_of(MINE, tmp_path)
    first.run.unlink()
    first.path.rmdir()
    assert run_of(MINE, tmp_path).path.is_dir()


def test_an_unknown_run_lists_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="none yet; play a scenario first"):
        existing_run("latest", tmp_path)
    name = run_of(MINE, tmp_path).path.name
    with pytest.raises(FileNotFoundError, match=rf"no run 'r1' .*{name}"):
        existing_run("r1", tmp_path)
