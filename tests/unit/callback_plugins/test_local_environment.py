"""A play on the local AWS is kept from the caller's own, whatever other plays stand beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

PLAYBOOK = """
- hosts: service
  gather_facts: false
  tasks:
    - debug: {msg: "profile={{ lookup('env', 'AWS_PROFILE') }}."}
- hosts: nowhere
  tasks: []
"""


def test_a_play_whose_hosts_are_nowhere_changes_nothing_for_the_others(tmp_path: Path) -> None:
    (tmp_path / "theirs.yml").write_text(PLAYBOOK)

    played = subprocess.run(
        [Path(sys.executable).parent / "ansible-playbook", tmp_path / "theirs.yml"],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_STDOUT_CALLBACK": "default", "AWS_PROFILE": "callers"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "profile=." in played.stdout, played.stdout + played.stderr
    assert "ignoring: nowhere" in played.stderr
