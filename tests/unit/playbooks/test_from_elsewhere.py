"""Typed in another folder, a playbook says in one line where it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ANSIBLE_PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"
PLAYBOOKS = sorted({*ROOT.glob("*.yml")} - {ROOT / "requirements.yml"})


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.name)
def test_it_names_the_file_that_is_read_in_the_root_alone(playbook: Path, tmp_path: Path) -> None:
    typed = subprocess.run(
        [ANSIBLE_PLAYBOOK, playbook],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": str(ANSIBLE_PLAYBOOK.parent)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert typed.returncode != 0
    assert "ansible.cfg" in typed.stderr + typed.stdout
    assert "Traceback" not in typed.stderr + typed.stdout
    assert list(tmp_path.iterdir()) in ([], [tmp_path / ".ansible"])
