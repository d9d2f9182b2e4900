"""A message that says what to type next leads to the hosts of the command that said it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLAY = """
- hosts: all
  connection: local
  gather_facts: false
  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - ansible.builtin.copy:
        content: "{{ lookup('playbook_command', 'deploy.yml -e release=1') }}"
        dest: "{{ playbook_dir }}/said"
"""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "ansible-playbook deploy.yml -e release=1"),
        (["-i", "one,", "-i", "two,"], "ansible-playbook -i one, -i two, deploy.yml -e release=1"),
        (["--limit", "demo"], "ansible-playbook --limit demo deploy.yml -e release=1"),
    ],
)
def test_the_inventory_and_the_limit_are_kept(given: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "hosts").write_text("demo\nother\n")
    own = {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_INVENTORY": str(tmp_path / "hosts"),
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "play.yml", *given],
        cwd=tmp_path,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "said").read_text() == said


def test_no_message_has_a_command_for_one_inventory_only() -> None:
    """An operator on AWS who types `ansible-playbook deploy.yml` would deploy on the local AWS."""
    written = [
        f"{path.relative_to(ROOT)}: {command}"
        for folder in ("roles", "playbooks", "src", "module_utils", "library")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".py", ".yml", ".j2", ".js"}
        for command in re.findall(r"ansible-playbook [a-z]+\.yml", path.read_text())
    ]
    for folder in ("action_plugins", "callback_plugins"):
        for path in (ROOT / folder).glob("*.py"):
            written += re.findall(r"ansible-playbook [a-z]+\.yml", path.read_text())
    assert written == []
