"""The program of a machine image, as `local-aws start --image-program` takes it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local_aws.compute import image_program
from local_aws.compute.image_program import ImageProgramError


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program on the PATH."""
    program = tmp_path / "bin" / "serve"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def test_words_are_split_as_a_shell_would_and_never_given_to_one(serve: Path) -> None:
    words = image_program.parse("""serve --name 'two words' "$HOME" a\\ b ; reboot""")
    assert words == [str(serve), "--name", "two words", "$HOME", "a b", ";", "reboot"]


def test_a_program_may_be_named_by_its_path(serve: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(serve.parent)
    assert image_program.parse("./serve") == [str(serve)]
    # A virtual environment is where its link to Python is, not where that leads.
    assert image_program.parse(sys.executable) == [sys.executable]


@pytest.mark.parametrize(
    ("command_line", "says"),
    [
        ("", "'' is no program"),
        ("serv --fast", "'serv' is no program of this machine"),
        ("serve 'half", "cannot be split into words: No closing quotation"),
        ("/nowhere/serve", "'/nowhere/serve' is no program"),
    ],
)
@pytest.mark.usefixtures("serve")
def test_what_is_no_program_is_refused(command_line: str, says: str) -> None:
    with pytest.raises(ImageProgramError, match=says):
        image_program.parse(command_line)
