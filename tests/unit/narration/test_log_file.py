"""Where Ansible's own output is kept, and what is not in it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TextIO

import pytest

from narration.log_file import LogFile, kept
from narration.secrets import Secrets


def test_it_moves_into_the_folder_of_its_run(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "runs", 7)
    log.write("before the run")
    assert (tmp_path / "runs/ansible-7.log").read_text() == "before the run\n"
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    log.move_to(folder)
    log.write("in it")
    log.move_to(tmp_path)
    log.close()
    assert (folder / "ansible.log").read_text() == "before the run\nin it\n"
    assert list((tmp_path / "runs").iterdir()) == []
    assert stat.S_IMODE((folder / "ansible.log").stat().st_mode) == 0o600


def test_without_a_run_the_latest_is_kept_and_others_at_work_keep_theirs(tmp_path: Path) -> None:
    first, second, third = (LogFile(tmp_path, pid) for pid in (1, 2, 3))
    for log, name in ((first, "first"), (second, "second"), (third, "third")):
        log.write(name)
    first.close()
    second.close()
    assert (tmp_path / "ansible.log").read_text() == "second\n"
    assert (tmp_path / "ansible-3.log").read_text() == "third\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ansible-3.log", "ansible.log"]
    assert stat.S_IMODE((tmp_path / "ansible.log").stat().st_mode) == 0o600
    third.close()


def test_what_a_killed_one_left_under_the_same_number_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "ansible-7.log").write_text("old\n")
    log = LogFile(tmp_path, 7)
    log.write("new \ud800")
    log.close()
    assert (tmp_path / "ansible.log").read_text() == "new \\ud800\n"


def test_secrets_are_known_by_their_names_and_taken_out_wherever_they_are() -> None:
    secrets = Secrets()
    secrets.learn({"AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"})
    secrets.learn({"facts": [{"env": {"session_token": "FwoGZXIvYXdz"}}], "password": "x"})
    secrets.learn({"metadata_options": {"http_tokens": "required"}, "name": "a-long-name"})
    said = "wJalrXUtnFEMI AKIAEXAMPLE FwoGZXIvYXdz x required a-long-name"
    hidden = "(not written)"
    assert secrets.removed_from(said) == f"{hidden} {hidden} {hidden} x required a-long-name"


def test_where_it_is_kept_is_known_before_it_is_closed(tmp_path: Path) -> None:
    assert kept(tmp_path, 7, None) is None
    log = LogFile(tmp_path, 7)
    expected = kept(tmp_path, 7, None)
    log.close()
    assert log.path == expected

    run_folder = tmp_path / "run"
    run_folder.mkdir()
    log = LogFile(tmp_path, 8)
    assert kept(tmp_path, 8, run_folder) is None
    log.move_to(run_folder)
    assert kept(tmp_path, 8, run_folder) == log.path
    log.close()


def test_an_older_log_is_not_taken_for_one_that_could_not_be_written(tmp_path: Path) -> None:
    LogFile(tmp_path, 7).close()
    assert kept(tmp_path, 8, None) is None


def test_a_log_that_a_full_disk_cut_off_is_kept_and_not_called_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def created(path: Path) -> TextIO:
        path.touch()
        return Path("/dev/full").open("w", encoding="utf-8")

    monkeypatch.setattr("narration.log_file._created", created)
    log = LogFile(tmp_path, 7)
    with pytest.raises(OSError, match="No space left"):
        log.write("what there was no room for")
    log.close()
    assert log.path == tmp_path / "ansible.log"
    assert kept(tmp_path, 7, None) is None


def test_a_log_stays_where_it_is_when_the_disk_of_its_run_is_full(tmp_path: Path) -> None:
    log = LogFile(tmp_path, 7)
    log.write("before the run")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "ansible.log").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        log.move_to(folder)
    assert kept(tmp_path, 7, folder) is None
    log.close()
    assert (tmp_path / "ansible.log").read_text() == "before the run\n"
