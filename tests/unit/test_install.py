"""What the set-up says about a Python that it cannot use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Runs install.py in an interpreter that pretends: nothing of it must get as far as installing.
PRETEND = """
import runpy, sys
{pretence}
sys.argv = ["install.py", "runtime.txt"]
runpy.run_path({script!r}, run_name="__main__")
"""


def install(pretence: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "requirements" / "install.py"
    script.parent.mkdir()
    script.write_text((ROOT / "requirements" / "install.py").read_text())
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
