"""Every result is in a file, whatever the terminal shows, and no secret is."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLUGINS = Path(__file__).parents[3] / "callback_plugins"
CANARY, GIVEN = "canary-of-the-caller", "canary-in-a-result"
OBSERVES = """
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({"folder": {"type": "path"}})
module.exit_json(run_folder=module.params["folder"])
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Somebody's folder with this plugin, and one module that says where its run is recorded."""
    for folder in ("callback_plugins", "library", "runs/a-run"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(PLUGINS / "ansible_log.py", tmp_path / "callback_plugins")
    (tmp_path / "library/observes.py").write_text(OBSERVES)
    (tmp_path / "ansible.cfg").write_text(
        "[defaults]\nlibrary = library\ncallback_result_format = yaml\n"
    )
    return tmp_path


def play(folder: Path, *tasks: dict[str, Any], at: Path | None = None) -> str:
    path = (at or folder) / "play.yml"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), path],
        cwd=folder,
        env={
            **os.environ,
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_CALLBACK_PLUGINS": str(folder / "callback_plugins"),
            "AWS_SECRET_ACCESS_KEY": CANARY,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Callback dispatch" not in done.stdout + done.stderr
    return done.stdout


def test_each_result_is_in_the_folder_of_the_run_without_secrets(checkout: Path) -> None:
    play(
        checkout,
        {"name": "Before", "command": f"echo {CANARY} and more"},
        {"name": "Observe", "observes": {"folder": str(checkout / "runs/a-run")}},
        {"name": "Facts", "set_fact": {"env": {"session_token": GIVEN}, "kept": "a fact"}},
        {"name": "Hidden", "command": "echo nobody reads this", "no_log": True},
        {"name": "Break", "command": f"sh -c 'echo {GIVEN}; exit 3'"},
    )
    log = checkout / "runs/a-run/ansible.log"
    text = log.read_text()
    for said in ("TASK [Before]", "(not written) and more", "kept: a fact", "rc: 3", "PLAY RECAP"):
        assert said in text, text
    assert "fatal: [localhost]: FAILED!" in text
    for secret in (CANARY, GIVEN, "nobody reads this"):
        assert secret not in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert list(checkout.glob("runs/*.log")) == []


def test_without_a_run_it_is_beside_the_runs(checkout: Path) -> None:
    play(checkout, {"name": "Deploy", "command": "true"})
    assert "TASK [Deploy]" in (checkout / "runs/ansible.log").read_text()


def test_a_playbook_of_somebody_elses_leaves_nothing(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    play(checkout, {"name": "Theirs", "command": "true"}, at=elsewhere)
    assert list(checkout.glob("runs/*.log")) == []


def test_where_no_log_can_be_kept_the_play_goes_on_and_says_so(checkout: Path) -> None:
    shutil.rmtree(checkout / "runs")
    (checkout / "runs").write_text("a file")
    shown = play(checkout, {"name": "Deploy", "command": "true"})
    assert "ok=1" in shown
