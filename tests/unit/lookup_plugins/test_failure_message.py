"""What is said of a failed task that a rescue handles is its error, also when it loops."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typed_playbook import typed

ROOT = Path(__file__).parents[3]
PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - block:
        - FAILING
      rescue:
        - ansible.builtin.copy:
            content: "{{ lookup('failure_message', ansible_failed_result) }}"
            dest: "{{ playbook_dir }}/said"
"""
DENIED = "You are not authorized to perform: iam:PassRole"


@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        (f"ansible.builtin.fail: {{msg: '{DENIED}'}}", DENIED),
        (f"{{ansible.builtin.fail: {{msg: '{DENIED}'}}, loop: [i-1, i-2]}}", DENIED),
        (
            "{ansible.builtin.fail: {msg: 'no {{ item }}'}, loop: [a, b, c], when: item != 'b'}",
            "no a; no c",
        ),
    ],
    ids=["one task", "each item alike", "some items"],
)
def test_it_is_the_tasks_error_or_those_of_its_items(
    failing: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "play.yml").write_text(PLAY.replace("FAILING", failing))
    (tmp_path / "ansible.cfg").write_text(
        f"[defaults]\nlookup_plugins = {ROOT / 'lookup_plugins'}\n"
    )
    environment = os.environ | {"ANSIBLE_CONFIG": str(tmp_path / "ansible.cfg")}
    done = typed("play.yml", folder=tmp_path, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "said").read_text() == expected


@pytest.mark.parametrize(
    "file", ["observation/tasks/broken_off.yml", "recovery/tasks/restored.yml"]
)
def test_a_rescue_says_it(file: str) -> None:
    tasks = (ROOT / "roles" / file).read_text()
    assert "msg: \"{{ lookup('failure_message', ansible_failed_result) }}\"" in tasks
    assert "ansible_failed_result.msg" not in tasks
