"""Whose run it is: the ansible-playbook itself, whatever is around it or below it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from evidence.owner import playbook_process
from local_aws.processes import ProcessIdentity

PROGRAM = """
from evidence.owner import playbook_process
print("owner", playbook_process().pid)
"""
# The shell of a lookup runs below the fork that plays the task.
PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - command: {argv: %s}
      register: asked
    - debug: {msg: "{{ asked.stdout }}, playbook {{ lookup('pipe', 'ps -o ppid= -p $PPID') }}"}
"""


def test_without_a_playbook_it_is_the_parent() -> None:
    assert playbook_process() == ProcessIdentity.of(os.getppid())


def test_it_is_not_the_shell_that_started_the_playbook(tmp_path: Path) -> None:
    play = tmp_path / "play.yml"
    play.write_text(PLAY % json.dumps([sys.executable, "-c", PROGRAM]))
    ansible_playbook = Path(sys.executable).with_name("ansible-playbook")

    done = subprocess.run(
        ["/bin/sh", "-c", f"'{ansible_playbook}' '{play}'; exit $?"],
        cwd=tmp_path,
        env=os.environ | {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "false"},
        capture_output=True,
        text=True,
        check=False,
    )

    said = re.search(r"owner (\d+), playbook +(\d+)", done.stdout)
    assert said, done.stdout + done.stderr
    assert said[1] == said[2]
