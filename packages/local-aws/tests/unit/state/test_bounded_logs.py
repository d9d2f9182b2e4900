"""What a program prints for days fills no disk, and what it printed last is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_aws.state import bounded_logs
from local_aws.state.bounded_logs import LIMIT_BYTES, BoundedLogs, cut


@pytest.fixture
def console(tmp_path: Path) -> Path:
    path = tmp_path / "instances" / "i-1" / "console.log"
    path.parent.mkdir(parents=True)
    return path


def test_a_log_that_grew_too_large_keeps_its_newest_lines(tmp_path: Path, console: Path) -> None:
    lines = [f"line {number}\n" for number in range(LIMIT_BYTES // 8)]
    with console.open("a") as program:
        program.writelines(lines)
        program.flush()
        BoundedLogs(tmp_path).cut_if_due()
        program.write("afterwards\n")
    kept = console.read_text().splitlines(keepends=True)
    assert LIMIT_BYTES // 2 - 20 < console.stat().st_size <= LIMIT_BYTES // 2 + 20
    assert kept == [*lines[-len(kept) + 1 :], "afterwards\n"]


def test_a_small_log_stays_as_it_is(tmp_path: Path, console: Path) -> None:
    console.write_text("one line\n")
    BoundedLogs(tmp_path).cut_if_due()
    assert console.read_text() == "one line\n"


def test_one_that_cannot_be_cut_stops_no_other(
    tmp_path: Path, console: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An instance's program can put anything in the place of its log."""
    monkeypatch.setattr(bounded_logs, "LIMIT_BYTES", 10)
    (tmp_path / "daemon.log").mkdir()
    console.write_text("one line\nand another\n")
    assert (tmp_path / "daemon.log").stat().st_size > 10
    BoundedLogs(tmp_path).cut_if_due()
    assert console.stat().st_size <= 5


def test_it_looks_once_a_second(
    tmp_path: Path, console: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = BoundedLogs(tmp_path)
    logs.cut_if_due()
    console.write_bytes(b"x" * (LIMIT_BYTES + 1))
    logs.cut_if_due()
    assert console.stat().st_size > LIMIT_BYTES
    monkeypatch.setattr(bounded_logs, "_INTERVAL_SECONDS", 0.0)
    logs.cut_if_due()
    assert console.stat().st_size < LIMIT_BYTES


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """An instance's program could put one there."""
    (tmp_path / "precious").write_bytes(b"x" * 100)
    (tmp_path / "console.log").symlink_to("precious")
    with pytest.raises(OSError, match="symbolic link"):
        cut(tmp_path / "console.log", 10)
    assert (tmp_path / "precious").stat().st_size == 100
