"""The collection resilient.service, built and installed, and commands that find it alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
LIMIT_SECONDS = 240


def build(folder: Path) -> None:
    done = run(sys.executable, str(ROOT / "collection" / "build.py"), str(folder), folder=ROOT)
    assert done.returncode == 0, done.stdout


def install(built: Path, folder: Path) -> None:
    """As its README says; what it depends on is there."""
    [archive] = built.glob("*.tar.gz")
    done = run(
        *("ansible-galaxy", "collection", "install", "--offline", "--no-deps"),
        *("--collections-path", str(folder), str(archive)),
        folder=folder,
    )
    assert done.returncode == 0, done.stdout


def run(
    *command: str, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command in a folder where nothing of the checkout is; collections are looked for there."""
    theirs = ("ANSIBLE_", "AWS_")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(theirs)}
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        env={
            **clean,
            "ANSIBLE_COLLECTIONS_PATH": str(folder),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            **(environment or {}),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
