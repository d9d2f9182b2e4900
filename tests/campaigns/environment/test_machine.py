"""A machine that is odd, full or stingy: local-aws works there, or says in one line why not."""

from __future__ import annotations

import functools
import os
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from caller import Caller, Typed
from campaign import FULL, Figures
from checkout import OwnCheckout
from local_aws_command import LocalAws, get

from safeguards.clock import LARGEST_SECONDS

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="mounts, and reads /proc"),
]

LONGEST_SOCKET = 107
ODD_NAMES = (
    "a b",
    "$(touch harmed) `touch harmed`",
    "quote'\"\\",
    "{{ 7 * 7 }} %s %(x)s",
    "Ünïcödé 数字 🚀",
    ":colon;semicolon#hash",
    "-rf",
    "line\nbreak",
)


def life(caller: Caller) -> Typed:
    """Start, look, stop; the first of them that does not succeed, or the last."""
    typed = caller.type("local-aws", "start", "--port", "0")
    if typed.status == 0:
        looked = caller.type("local-aws", "status", "--json")
        typed = caller.type("local-aws", "stop")
        assert looked.status == 0, looked.output
    return typed


def note(figures: Figures, name: str, typed: Typed) -> None:
    line = "works" if typed.status == 0 else typed.output.strip()[:200]
    figures.add(**{name: line})
    assert typed.status == 0 or typed.is_one_line, typed.output


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system in memory; skips where that needs a right that this user has not."""
    folder.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - root's own path


@pytest.mark.parametrize("kib", [0, 16, 64] if FULL else [0])
def test_a_full_disk_is_named(kib: int, tmp_path: Path, figures: Figures) -> None:
    """So much is left when it starts."""
    with mounted(tmp_path / "small", "size=1m") as disk:
        with (disk / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, (1024 - 4 - kib) * 1024)
        caller = Caller(disk / "state")

        typed = caller.type("local-aws", "start", "--port", "0")

        try:
            note(figures, f"disk with {kib} KiB left", typed)
            assert typed.status == 0 or "no room is left" in typed.output
        finally:
            caller.type("local-aws", "stop")


def test_a_read_only_folder_is_named(tmp_path: Path, figures: Figures) -> None:
    with mounted(tmp_path / "readable", "ro") as disk:
        typed = Caller(disk / "state").type("local-aws", "start", "--port", "0")
    figures.add(read_only_folder=typed.output.strip())
    assert typed.is_one_line, typed.output
    assert "read-only" in typed.output.lower()


@pytest.mark.parametrize("length", [LONGEST_SOCKET + 1, 250, 3_500] if FULL else [3_500])
def test_a_long_path(length: int, tmp_path: Path, figures: Figures) -> None:
    """The address of Envoy's socket is limited to a hundred bytes, a path to four thousand."""
    home = tmp_path
    while len(str(home)) < length:
        home /= "x" * min(100, max(1, length - len(str(home)) - 1))
    typed = life(Caller(home))
    note(figures, f"path of {length} characters", typed)
    assert typed.status == 0 or "is the limit" in typed.output


@pytest.mark.parametrize("name", ODD_NAMES if FULL else ODD_NAMES[1:2])
def test_odd_characters(name: str, tmp_path: Path, figures: Figures) -> None:
    typed = life(Caller(tmp_path / name / "state"))
    note(figures, f"folder {name!a}", typed)
    assert not list(Path.cwd().glob("harmed"))
    assert not list(tmp_path.rglob("harmed"))


@pytest.mark.parametrize("umask", [0o000, 0o777] if FULL else [0o000])
def test_whatever_the_umask_the_state_is_private(
    umask: int, tmp_path: Path, figures: Figures
) -> None:
    caller = Caller(tmp_path / "state", prepare=functools.partial(os.umask, umask))
    try:
        typed = caller.type("local-aws", "start", "--port", "0")
        note(figures, f"umask {umask:03o}", typed)
        others = stat.S_IRWXG | stat.S_IRWXO
        made = [caller.state, *caller.state.rglob("*")]
        assert [
            path for path in made if path.lstat().st_mode & others and not path.is_symlink()
        ] == []
        if typed.status == 0:
            assert caller.type("local-aws", "status").status == 0
    finally:
        caller.type("local-aws", "stop")


def test_64_file_descriptors(tmp_path: Path, figures: Figures) -> None:
    """Three instances behind a load balancer, for which the limit holds too."""
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_NOFILE, (64, 64))
    caller = Caller(tmp_path / "state", prepare=limit)
    typed = caller.type("local-aws", "start", "--port", "0")
    try:
        note(figures, "64 file descriptors", typed)
        if typed.status == 0:
            url = LocalAws(caller.state).run_service("web", 3)
            assert [get(url)[0] for _ in range(30)] == [200] * 30
    finally:
        caller.type("local-aws", "stop")


@pytest.fixture
def turkish(tmp_path: Path) -> dict[str, str]:
    """Variables for a locale in which the small letter of I is not i."""
    localedef = shutil.which("localedef")
    name = "tr_TR.UTF-8"
    command = [str(localedef), "-i", "tr_TR", "-f", "UTF-8", str(tmp_path / name)]
    if not localedef or subprocess.run(command, capture_output=True, check=False).returncode > 1:
        pytest.skip("this machine cannot make a Turkish locale")
    return {"LOCPATH": str(tmp_path), "LC_ALL": name, "LANG": name}


def test_a_turkish_locale(tmp_path: Path, turkish: dict[str, str], figures: Figures) -> None:
    note(figures, "Turkish locale", life(Caller(tmp_path / "state", turkish)))


def test_a_turkish_locale_plays(deployed: Path, turkish: dict[str, str]) -> None:
    typed = Caller(deployed, turkish).type("ansible-playbook", "status.yml")
    assert typed.status == 0, typed.output
    assert typed.output.count("state: healthy") == 3


@pytest.mark.parametrize("ahead_seconds", [-1200, 1200, 120] if FULL else [-1200])
def test_a_clock_that_is_off(ahead_seconds: int, tmp_path: Path, figures: Figures) -> None:
    """AWS's clock is ahead by so much, or behind; it takes signatures of the last five minutes."""
    elsewhere = OwnCheckout(tmp_path / "checkout")
    elsewhere.set_clock(ahead_seconds)
    aws = Caller(tmp_path / "state", commands=elsewhere.commands)
    assert aws.type("local-aws", "start", "--port", "0").status == 0
    try:
        played = Caller(tmp_path / "state").type(
            "ansible-playbook", "deploy.yml", "-e", "plan=true"
        )
    finally:
        assert aws.type("local-aws", "stop").status == 0

    said = " ".join(played.output.split())
    figures.add(**{f"AWS is ahead by {ahead_seconds} s": f"status {played.status}"})
    assert "Traceback" not in said
    is_refused = abs(ahead_seconds) > LARGEST_SECONDS
    assert (played.status != 0) is is_refused, said
    where = "ahead of" if ahead_seconds < 0 else "behind"
    assert (f"This machine's clock is 20 minutes {where} that of AWS" in said) is is_refused
