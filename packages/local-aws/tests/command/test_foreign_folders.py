"""A folder that is not a local AWS's own: every command refuses it and leaves it as it is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from folder_tree import tree
from local_aws_command import LocalAws

from local_aws.host.processes import ProcessIdentity
from local_aws.state.state_directory import Running, StateDirectory

COMMANDS = (
    *("start --port 0", "start --load saved", "stop", "stop --save saved", "remove"),
    *("status", "env", "logs", "logs i-1"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_somebody_else(command: str, tmp_path: Path) -> None:
    home = tmp_path / "documents"
    (home / "photos").mkdir(parents=True)
    (home / "thesis.txt").write_text("important")
    (home / "lock").write_text("important")
    home.chmod(0o755)
    before = tree(tmp_path)

    said = LocalAws(home).run(*command.split(), status=1)

    assert said.startswith(f"local-aws: {home} is not of local-aws: it holds photos, thesis.txt. ")
    assert said.count("\n") == 1
    assert tree(tmp_path) == before


def test_a_copy_of_one_that_runs_harms_neither(tmp_path: Path) -> None:
    original, copy = LocalAws(tmp_path / "original"), LocalAws(tmp_path / "copy")
    original.start()
    try:
        shutil.copytree(original.home, copy.home, ignore=shutil.ignore_patterns("*.sock"))
        before = tree(copy.home)
        for command in ("stop", "start --port 0", "env", "remove"):
            assert "copy is a copy" in copy.run(*command.split(), status=1)
        assert tree(copy.home) == before
        assert original.status()["endpoint"] == original.running["endpoint"]
    finally:
        original.stop()


def test_a_link_to_one_is_that_one(tmp_path: Path) -> None:
    real, link = LocalAws(tmp_path / "real"), LocalAws(tmp_path / "link")
    link.home.symlink_to(real.home)
    link.start()
    assert real.run("stop") == "local AWS stopped\n"
    assert link.home.is_symlink()


@pytest.mark.parametrize("log", ["{tmp_path}/secret", "{home}/../secret", "{home}/link"])
def test_logs_shows_nothing_from_outside(log: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    local_aws = LocalAws(tmp_path / "home")
    state = StateDirectory(local_aws.home)
    me = ProcessIdentity.of(os.getpid())
    assert me
    with state.made():
        state.write_running(Running(me.pid, me.started_at, "http://127.0.0.1:1", "r", "a", "s"))
        path = log.format(tmp_path=tmp_path, home=local_aws.home)
        state.write_data_plane(json.dumps({"instances": {"i-1": {"log_path": path}}}))
    (local_aws.home / "link").symlink_to(tmp_path / "secret")

    said = local_aws.run("logs", "i-1", status=1)

    assert said == f"local-aws: the log of i-1 is not in {local_aws.home}: {path}\n"
    assert "no instance ../secret runs here" in local_aws.run("logs", "../secret", status=1)


def test_stop_and_remove_make_no_folder(tmp_path: Path) -> None:
    local_aws = LocalAws(tmp_path / "none")
    assert local_aws.run("stop") == "local AWS was not running\n"
    assert local_aws.run("remove") == f"there is no folder of local-aws at {local_aws.home}\n"
    assert list(tmp_path.iterdir()) == []
