"""One folder for each run, and who owns it."""

import json
from pathlib import Path

import pytest

from evidence.record.named_runs import existing_run
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import create_run, owner_of, run_of, runs

MINE = ProcessIdentity(1, "then")
OTHER = ProcessIdentity(1, "later")


def test_a_run_is_found_by_its_owner_wherever_latest_points(tmp_path: Path) -> None:
    directory = tmp_path / "runs"
    assert run_of(MINE, directory) is None
    first = create_run(MINE, directory, stack={"name": "demo", "arn": None})
    second = create_run(OTHER, directory)
    assert second != first  # also when both begin in one second
    assert run_of(MINE, directory) == first
    assert run_of(OTHER, directory) == second
    assert existing_run("latest", directory) == second
    assert existing_run(first.path.name, directory) == first
    written = json.loads(first.run.read_text())
    assert written["owner"] == {"pid": 1, "started_at": "then"}
    assert written["stack"] == {"name": "demo", "arn": None}


def test_the_newest_run_comes_first_also_among_those_of_one_second(tmp_path: Path) -> None:
    names = ["2026-01-01T00-00-00Z", *(f"2026-01-01T00-00-00Z-{n}" for n in (2, 9, 10))]
    for name in [*names, "2026-01-01T00-00-01Z"]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text("{}")
    (tmp_path / "no-run").mkdir()
    found = [run.path.name for run in runs(tmp_path)]
    assert found == ["2026-01-01T00-00-01Z", *reversed(names)]


def test_latest_may_point_to_a_folder_that_was_removed(tmp_path: Path) -> None:
    first = create_run(MINE, tmp_path)
    first.run.unlink()
    first.path.rmdir()
    assert run_of(MINE, tmp_path) is None
    assert create_run(MINE, tmp_path).path.is_dir()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"owner": 3}', "\x00"])
def test_a_run_that_does_not_say_whose_it_is_is_nobodys(tmp_path: Path, text: str) -> None:
    folder = create_run(MINE, tmp_path)
    folder.run.write_text(text)
    assert owner_of(folder) is None


def test_an_unknown_run_lists_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="none yet; play a scenario first"):
        existing_run("latest", tmp_path)
    name = create_run(MINE, tmp_path).path.name
    with pytest.raises(FileNotFoundError, match=rf"no run 'r1' .*{name}"):
        existing_run("r1", tmp_path)


def test_of_many_runs_only_the_latest_are_listed(tmp_path: Path) -> None:
    for number in range(10, 40):
        (tmp_path / f"run-{number}").mkdir()
    with pytest.raises(FileNotFoundError) as raised:
        existing_run("r1", tmp_path)
    assert "run-29" not in str(raised.value)
    assert str(raised.value).endswith("run-39 and 20 older)")


def test_only_a_folder_of_the_runs_directory_itself_is_a_run(tmp_path: Path) -> None:
    directory = tmp_path / "runs"
    run = create_run(MINE, directory).path
    (run / "inner").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (directory / "link").symlink_to(tmp_path / "elsewhere")
    (directory / "file").write_text("")
    for name in (
        *("", ".", "..", "../elsewhere", str(tmp_path / "elsewhere"), str(run)),
        *(f"{run.name}/inner", f"{run.name}/../{run.name}", "link", "file", "x\x00", "\x1b[31m"),
    ):
        with pytest.raises(FileNotFoundError) as raised:
            existing_run(name, directory)
        assert str(raised.value).isprintable()
        assert raised.value.args[0].endswith(f"(runs: {run.name})")
