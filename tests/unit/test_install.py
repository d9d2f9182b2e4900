"""What the set-up says when it cannot be done, and that it and `make clean` harm nobody."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from folder_tree import tree

ROOT = Path(__file__).parents[2]

# Runs install.py in an interpreter that pretends: nothing of it must get as far as installing.
PRETEND = """
import runpy, sys
{pretence}
sys.argv = ["install.py", "runtime.txt"]
runpy.run_path({script!r}, run_name="__main__")
"""


def install(pretence: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "setup" / "install.py"
    script.parent.mkdir()
    script.write_text((ROOT / "setup" / "install.py").read_text())
    code = PRETEND.format(pretence=pretence, script=str(script))
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )


def test_a_python_that_is_too_old_is_told_which_one_is_needed(tmp_path: Path) -> None:
    done = install("sys.version_info = (3, 9, 2, 'final', 0)", tmp_path)

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed and this is 3.9" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / ".venv").exists()


def test_a_python_without_venv_is_told_how_to_get_it(tmp_path: Path) -> None:
    done = install("sys.modules['ensurepip'] = None", tmp_path)

    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    "name", ["x`touch PWNED`", "$(touch PWNED)", 'a"b', "a:b", "{{ 1 }}", "a\\b", "a\nb"]
)
def test_a_name_that_tools_would_take_for_something_else_is_refused_and_never_run(
    name: str, tmp_path: Path
) -> None:
    checkout = tmp_path / name
    checkout.mkdir()
    needed = (
        "Makefile",
        "pyproject.toml",
        "packages/*/pyproject.toml",
        "requirements/*",
        "setup/*.py",
    )
    for pattern in needed:
        for source in ROOT.glob(pattern):
            copy = checkout / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    before = tree(tmp_path)

    done = subprocess.run(
        ["/usr/bin/env", "make", "demo", f"PYTHON={sys.executable}"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.returncode != 0
    assert done.stderr.startswith("set-up: this folder's path holds ")
    assert len(done.stderr.splitlines()) == 2  # and make's own
    assert tree(tmp_path) == before


def script(name: str, checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (checkout / "setup").mkdir(exist_ok=True)
    shutil.copy(ROOT / "setup" / name, checkout / "setup")
    return subprocess.run(
        [sys.executable, checkout / "setup" / name, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("is_link", [False, True])
def test_an_environment_of_somebody_else_stays(is_link: bool, tmp_path: Path) -> None:
    checkout, real = tmp_path / "checkout", tmp_path / "theirs"
    checkout.mkdir()
    theirs = real if is_link else checkout / ".venv"
    theirs.mkdir()
    (theirs / "pyvenv.cfg").write_text("important")
    if is_link:
        (checkout / ".venv").symlink_to(theirs)
    before = tree(theirs)

    done = script("install.py", checkout, "runtime.txt")
    assert script("clean.py", checkout).returncode == 0

    assert done.stderr == (
        f"set-up: {checkout}/.venv is there, and set-up did not make it: move it away\n"
    )
    assert tree(theirs) == before


def test_clean_removes_what_was_made_and_leaves_the_rest(tmp_path: Path) -> None:
    kept = ["runs/notes.txt", "runs/mine/thesis.txt", "benchmarks/mine.json", ".cache/pip/wheel"]
    kept += ["dist/mine.txt"]
    made = ["runs/1/run.json", "runs/1/requests.jsonl", "benchmarks/latest.json"]
    made += ["runs/ansible.log", "runs/ansible-7.log"]
    made += ["dist/resilient-service-0.2.0.tar.gz", "dist/evidence-0.1.0-py3-none-any.whl"]
    made += [".venv/.made-by-setup", ".venv/bin/python"]
    for name in (*kept, *made):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "runs" / "latest").symlink_to("1")
    (tmp_path / "runs" / "linked").symlink_to(tmp_path / "runs" / "1")

    done = script("clean.py", tmp_path)

    assert done.returncode == 0, done.stderr
    left = {
        str(path.relative_to(tmp_path))
        for path in tmp_path.rglob("*")
        if path.is_symlink() or path.is_file()
    }
    assert left == {*kept, "setup/clean.py", "runs/linked"}


def uv(*command: str) -> subprocess.CompletedProcess[str]:
    """What uv says, typed in the checkout."""
    return subprocess.run(
        [Path(sys.executable).with_name("uv"), *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_installing_the_checkout_brings_its_parts() -> None:
    planned = uv("pip", "install", "--dry-run", "--reinstall", "--python", sys.executable, ".")

    assert planned.returncode == 0, planned.stderr
    for part in ("evidence", "local-aws"):
        assert f"+ {part} @ {(ROOT / 'packages' / part).as_uri()}" in planned.stderr


@pytest.mark.parametrize("command", [("sync",), ("add", "--dev", "rich")], ids="-".join)
def test_uv_does_not_take_the_environment_for_its_own(command: tuple[str, ...]) -> None:
    refused = uv(*command)

    assert refused.returncode != 0
    assert len(refused.stderr.splitlines()) == 1
    assert not (ROOT / "uv.lock").exists()
