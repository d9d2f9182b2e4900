"""amazon.aws's and community.aws's modules find what they made: a second run changes nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from local_aws_command import LocalAws
from terminal import ROOT, Terminal

PLAYBOOK = "tests/collections/modules.yml"
ALWAYS_CHANGED_IN_CHECK_MODE = {"Converge the Auto Scaling group"}
"""amazon.aws.autoscaling_group 10.1.2 says so of every group that exists, without looking at it."""


def changed(local_aws: LocalAws, folder: Path, *words: str) -> set[str]:
    """The tasks that say they changed something; the run must succeed."""
    config = folder / "ansible.cfg"
    config.touch()  # not the project's, which takes the variables of its own playbooks only
    run = Terminal(
        *("ansible-playbook", PLAYBOOK, "-i", "localhost,"),
        *("-e", json.dumps({"keys": str(folder)}), *words),
        environment={**local_aws.client_environment, "ANSIBLE_CONFIG": str(config)},
    )
    try:
        status = run.ended(280)
    finally:
        run.close()
    assert status == 0, run.shown
    tasks = re.split(r"^TASK \[", run.shown, flags=re.MULTILINE)[1:]
    return {task.split("]")[0] for task in tasks if re.search(r"^changed: ", task, re.MULTILINE)}


@pytest.mark.timeout(900)
def test_a_second_run_changes_nothing_and_check_mode_says_so(tmp_path: Path) -> None:
    local_aws = LocalAws(tmp_path / "home")
    local_aws.start()
    try:
        [play] = yaml.safe_load((ROOT / PLAYBOOK).read_text())
        assert changed(local_aws, tmp_path) == {task["name"] for task in play["tasks"]}
        assert changed(local_aws, tmp_path) == set()
        assert changed(local_aws, tmp_path, "--check") == ALWAYS_CHANGED_IN_CHECK_MODE
    finally:
        local_aws.stop()
