"""Lines that are added to a file: whole, or the writer learns that they are not."""

import json
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.record.journal import append_lines, close_line, read_lines
from evidence.record.writing import write_whole

ROOM_BYTES = 1000


@pytest.fixture
def little_room() -> Iterator[None]:
    """Files of this process grow no further: a write that does not fit is cut short, as on a full
    disk, and the next one fails."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.usefixtures("little_room")
def test_lines_that_do_not_fit_are_an_error(tmp_path: Path) -> None:
    """write(2): a partial write returns how much was written, and only the next one fails."""
    path = tmp_path / "requests.jsonl"
    line = {"scheduled_at": 1.5}
    with pytest.raises(OSError, match="File too large"):
        append_lines(path, [line] * ROOM_BYTES)
    assert set(map(json.dumps, read_lines(path))) == {json.dumps(line)}


@pytest.mark.usefixtures("little_room")
def test_a_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    write_whole(path, "before")
    with pytest.raises(OSError, match="File too large"):
        write_whole(path, "x" * 2 * ROOM_BYTES)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {path.name: "before"}


def test_a_half_written_line_is_ended_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    close_line(path)
    assert not path.exists()
    path.write_text('{"at": 1}\n{"at": 2')
    close_line(path)
    close_line(path)
    append_lines(path, [{"at": 3}])
    assert [line["at"] for line in read_lines(path)] == [1, 3]
