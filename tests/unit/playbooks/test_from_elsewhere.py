"""Typed in another folder, a playbook says in one line where it is typed."""

from pathlib import Path

import pytest
from typed_playbook import ANSIBLE_PLAYBOOK, typed

ROOT = Path(__file__).parents[3]
PLAYBOOKS = sorted({*ROOT.glob("*.yml")} - {ROOT / "requirements.yml"})


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.name)
def test_it_names_the_file_that_is_read_in_the_root_alone(playbook: Path, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": str(ANSIBLE_PLAYBOOK.parent)}
    ended = typed(playbook, folder=tmp_path, environment=environment)

    assert ended.returncode != 0
    assert "ansible.cfg" in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr + ended.stdout
    assert list(tmp_path.iterdir()) in ([], [tmp_path / ".ansible"])
