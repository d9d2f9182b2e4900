"""Proves that ansible-lint, as this project runs it, checks the arguments of our own modules."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MISSPELT = """---
- name: Misspell two arguments
  hosts: service
  gather_facts: false
  tasks:
    - name: Misspell one
      target_health:
        target_group: "{{ arn }}"

    - name: Misspell one inside another
      target_health:
        target_group_arn: "{{ arn }}"
        wait_for:
          helthy: 3
"""


def test_a_misspelt_argument_of_our_own_module_is_an_error(tmp_path: Path) -> None:
    playbook = tmp_path / "misspelt.yml"
    playbook.write_text(MISSPELT)
    binaries = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "tests" / "lint"),
    }
    linted = subprocess.run(
        [binaries / "ansible-lint", "--nocolor", "-c", ROOT / ".ansible-lint", playbook],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode != 0
    assert "missing required arguments: target_group_arn" in linted.stdout
    assert "Unsupported parameters for (basic.py) module: wait_for.helthy" in linted.stdout
