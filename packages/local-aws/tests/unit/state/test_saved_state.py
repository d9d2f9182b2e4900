"""The file of a saved local AWS: whole or not at all, and only ever read when it is one's own."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path

import moto
import pytest

from local_aws.state import saved_state
from local_aws.state.saved_state import SavedState, SavedStateError

SAVED = SavedState(b"control plane", {"i-1": 20_000})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    disk = tmp_path / "home/instances/i-1/root"
    disk.mkdir(parents=True)
    (disk / "file").write_text("kept")
    (disk / "link").symlink_to("/nowhere")
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path, home: Path) -> Path:
    saved_state.write(tmp_path / "saved", SAVED, home, lambda: None)
    return tmp_path / "saved"


def refusal(file: Path, home: Path) -> str:
    with pytest.raises(SavedStateError) as raised:
        saved_state.read(file, home)
    return str(raised.value)


def test_what_was_written_is_read(file: Path, tmp_path: Path) -> None:
    new_home = tmp_path / "new home"
    assert saved_state.read(file, new_home) == SAVED
    disk = new_home / "instances/i-1/root"
    assert (disk / "file").read_text() == "kept"
    assert (disk / "link").is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_the_older_file_and_nothing_else(file: Path, home: Path) -> None:
    before = file.read_bytes()

    def fail() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        saved_state.write(file, SAVED, home, fail)
    assert file.read_bytes() == before
    assert {entry.name for entry in file.parent.iterdir()} == {"home", "saved"}


def test_a_file_that_others_may_write_is_refused(file: Path, home: Path) -> None:
    file.chmod(0o622)
    assert "somebody else may have written it" in refusal(file, home)


def test_a_file_of_another_moto_is_refused(file: Path, home: Path) -> None:
    with tarfile.open(file) as archive:
        header = archive.extractfile("header.json").read()
    assert json.loads(header)["moto"] == moto.__version__
    older = header.replace(moto.__version__.encode(), b"0" * len(moto.__version__))
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(header, older)))
    assert f"of moto 00000, and this is moto {moto.__version__}" in refusal(file, home)


@pytest.mark.parametrize(
    "content",
    [b"", b"something else", gzip.compress(b"no archive")],
    ids=["empty", "not gzip", "no archive"],
)
def test_a_file_of_another_program_is_refused(file: Path, home: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "was not written by local-aws stop --save" in refusal(file, home)


@pytest.mark.parametrize("missing", [1, 8, 20, 200])
def test_a_file_cut_short_is_refused(file: Path, home: Path, missing: int) -> None:
    """By a byte, by its checksum, within the empty blocks at its end, or before them."""
    file.write_bytes(file.read_bytes()[:-missing])
    assert "was not written by local-aws stop --save" in refusal(file, home)
