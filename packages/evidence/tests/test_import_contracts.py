"""Each room uses only those below it, and the library no other package: both are checked."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def checked(folder: Path, module: str = "", line: str = "") -> subprocess.CompletedProcess[str]:
    """Check a copy of the library, one module of which has this line at its end."""
    shutil.copytree(PACKAGE / "src/evidence", folder / "evidence")
    if module:
        with (folder / "evidence" / module).open("a") as file:
            file.write(f"\n{line}\n")
    config = str(PACKAGE / "pyproject.toml")
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--config", config],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_are_kept(tmp_path: Path) -> None:
    done = checked(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "Contracts: 2 kept, 0 broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("observe/observer.py", "import local_aws.processes", "The library stands alone"),
        ("judge/claims.py", "from ansible.errors import AnsibleError", "The library stands alone"),
        ("record/journal.py", "import evidence.judge.claims", "Each room uses only those below it"),
        ("report/table.py", "import evidence.records", "Each room uses only those below it"),
        ("spare.py", "", "Each room uses only those below it"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, module: str, line: str, broken: str) -> None:
    done = checked(tmp_path, module, line)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Contracts: 1 kept, 1 broken." in done.stdout or "Missing layer" in done.stdout
    assert broken in done.stdout
