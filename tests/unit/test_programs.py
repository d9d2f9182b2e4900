"""A program that is typed does nothing when asked for help, or given what it does not know."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "Makefile")]
TYPED = re.compile(r"(?:python3?|\$\(PYTHON\)) ([\w/-]+\.py)")
PROGRAMS = sorted({name for page in PAGES for name in TYPED.findall(page.read_text())})
SHARED = ["tests/support", "files", "module_utils"]
SHARED += ["packages/evidence/tests/support", "packages/local-aws/tests/support"]


@pytest.mark.parametrize("option", ["--help", "--nonsense"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_is_done_without_being_asked(program: str, option: str, tmp_path: Path) -> None:
    """It runs outside the checkout, in which it could remove or write what others use."""
    copied = tmp_path / program
    copied.parent.mkdir(parents=True)
    shutil.copy(ROOT / program, copied)
    done = subprocess.run(
        [sys.executable, copied, option],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in SHARED)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == (0 if option == "--help" else 2), said
    assert said.startswith("usage: ")
    assert "Traceback" not in said
    assert [each for each in tmp_path.rglob("*.*") if "__pycache__" not in each.parts] == [copied]
