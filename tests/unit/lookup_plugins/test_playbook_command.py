"""A message that says what to type next leads to the hosts of the command that said it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typed_playbook import typed

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


def said(given: list[str], folder: Path, **environment: str) -> str:
    (folder / "play.yml").write_text(PLAY)
    own = {"ANSIBLE_CONFIG": str(folder / "ansible.cfg"), **environment}
    (folder / "ansible.cfg").write_text(
        f"[defaults]\ninventory = hosts\nlookup_plugins = {ROOT / 'lookup_plugins'}\n"
    )
    for name in ("hosts", "other hosts"):
        (folder / name).write_text("demo\nother\n")
    done = typed("play.yml", *given, folder=folder, environment=os.environ | own)
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "said").read_text()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "ansible-playbook deploy.yml -e release=1"),
        (["-i", "one,", "-i", "two,"], "ansible-playbook -i one, -i two, deploy.yml -e release=1"),
        (
            ["-i", "other hosts", "--limit", "demo:!other"],
            "ansible-playbook -i 'other hosts' --limit 'demo:!other' deploy.yml -e release=1",
        ),
    ],
    ids=["neither", "inventories", "to be quoted"],
)
def test_the_inventory_and_the_limit_are_kept(
    given: list[str], expected: str, tmp_path: Path
) -> None:
    assert said(given, tmp_path) == expected


def test_an_inventory_of_the_environment_is_typed(tmp_path: Path) -> None:
    """A command that is typed later, without it, would mean other hosts."""
    command = said([], tmp_path, ANSIBLE_INVENTORY="other hosts")
    assert command == "ansible-playbook -i 'other hosts' deploy.yml -e release=1"


def test_no_message_has_a_command_for_one_inventory_only() -> None:
    """An operator on AWS who types `ansible-playbook deploy.yml` would deploy on the local AWS."""
    folders = ("roles", "playbooks", "src", "module_utils", "library", "lookup_plugins")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    for folder in ("action_plugins", "callback_plugins"):
        paths += (ROOT / folder).glob("*.py")
    written = [
        f"{path.relative_to(ROOT)}: {command}"
        for path in paths
        if path.suffix in {".py", ".yml", ".j2", ".js"}
        for command in re.findall(r"ansible-playbook (?:-\S+ \S+ )*[a-z]+\.yml", path.read_text())
    ]
    assert written == []
