"""Which folder LOCAL_AWS_HOME and HOME name together."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from local_aws.host.folders import shown
from local_aws.state.home import FolderError, state_folder

ACCOUNTS_HOME = Path(pwd.getpwuid(os.getuid()).pw_dir).resolve()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HOME": "/h"}, "/h/.local-aws"),
        ({"HOME": "/h", "LOCAL_AWS_HOME": ""}, "/h/.local-aws"),
        ({"HOME": "/h", "LOCAL_AWS_HOME": "/a/../b"}, "/b"),
        ({"HOME": "/h", "LOCAL_AWS_HOME": "~/b"}, "/h/b"),
        ({"HOME": "/h", "LOCAL_AWS_HOME": "~"}, "/h"),
        ({"HOME": "/h", "LOCAL_AWS_HOME": " $x`y`{{z}}"}, " $x`y`{{z}}"),
        ({"HOME": "/h", "LOCAL_AWS_HOME": "relative/home"}, "relative/home"),
        ({"LOCAL_AWS_HOME": "~root/b"}, str(Path(pwd.getpwnam("root").pw_dir, "b"))),
        ({}, str(ACCOUNTS_HOME / ".local-aws")),
        ({"HOME": ""}, str(ACCOUNTS_HOME / ".local-aws")),
        ({"HOME": "relative", "LOCAL_AWS_HOME": "~/b"}, str(ACCOUNTS_HOME / "b")),
    ],
)
def test_the_folder_is_absolute(
    environment: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert state_folder(environment) == tmp_path / expected


def test_a_link_names_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    assert state_folder({"LOCAL_AWS_HOME": str(tmp_path / "link")}) == tmp_path / "folder"


def test_what_names_no_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for given in (str(tmp_path / "loop"), "~nobody-of-this-name/x"):
        with pytest.raises(FolderError, match="names no folder") as raised:
            state_folder({"LOCAL_AWS_HOME": given})
        assert "\n" not in str(raised.value)


def test_any_name_can_be_shown_in_a_line() -> None:
    assert shown(Path("/a b")) == "/a b"
    assert shown(Path("/a\nb")) == r"'/a\nb'"
    assert shown(os.fsdecode(b"/\xff")).isprintable()
