from __future__ import annotations

from pathlib import Path

import pytest

from recommendation_server import config
from recommendation_server.state_file import StateFile


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(config, "STATE_DIRECTORY", tmp_path)
    return tmp_path


def test_what_is_written_is_read_back(folder: Path) -> None:
    StateFile("x.json").write({"a": "1"})
    assert StateFile("x.json").read() == {"a": "1"}
    assert [path.name for path in folder.iterdir()] == ["x.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"3", b'{"a": 3}', b"\xff\xfe", b"[" * 100_000, b"null", b'{"a": NaN}'],
    ids=["empty", "cut", "list", "number", "wrong type", "no text", "deep", "null", "nan"],
)
def test_a_corrupt_file_is_as_good_as_none(folder: Path, content: bytes) -> None:
    (folder / "x.json").write_bytes(content)
    file = StateFile("x.json")
    assert file.read() == {}
    file.write({"a": "1"})
    assert StateFile("x.json").read() == {"a": "1"}


def test_the_same_content_is_written_once(folder: Path) -> None:
    file = StateFile("x.json")
    file.write({"a": "1"})
    (folder / "x.json").unlink()
    file.write({"a": "1"})
    assert not (folder / "x.json").exists()
    file.write({"a": "2"})
    assert StateFile("x.json").read() == {"a": "2"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_keeps_the_old_content_and_is_tried_again(folder: Path) -> None:
    file = StateFile("x.json")
    file.write({"a": "1"})
    (folder / "x.new").symlink_to("/dev/full")  # each write to it says that the disk is full
    file.write({"a": "2"})
    assert StateFile("x.json").read() == {"a": "1"}
    (folder / "x.new").unlink()
    file.write({"a": "2"})
    assert StateFile("x.json").read() == {"a": "2"}


def test_without_a_state_directory_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "STATE_DIRECTORY", None)
    file = StateFile("x.json")
    file.write({"a": "1"})
    assert file.read() == {}
