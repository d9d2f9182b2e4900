"""After destroy and stop: no process, no port, no file that matters."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from process_tree import all_processes_below
from workplace import is_listened_on, listened_by

from evidence.record.processes import ProcessIdentity
from local_aws.state import mark

KEPT = {"daemon.log", "lock", mark.NAME}


@pytest.fixture
def own(tmp_path: Path, command_line):
    """Commands on a local AWS of this test's own, which is stopped in any case."""

    def command(*words: str):
        return command_line(*words, environment={"LOCAL_AWS_HOME": str(tmp_path)}, timeout=200)

    yield command
    command("local-aws", "stop")


def started_by(home: Path) -> tuple[set[ProcessIdentity], set[int]]:
    """The processes of the local AWS with this home, and the ports they listen on."""
    daemon = json.loads((home / "running.json").read_text())["pid"]
    found = {ProcessIdentity.of(pid) for pid in {daemon} | all_processes_below(daemon)}
    processes = {identity for identity in found if identity}
    return processes, listened_by(processes)


def assert_nothing_left(home: Path, processes: set[ProcessIdentity], listened: set[int]) -> None:
    assert not [process for process in processes if process.is_running()]
    assert not [port for port in listened if is_listened_on(port)]
    assert {path.name for path in home.iterdir()} <= KEPT


def test_nothing_is_left_of_a_killed_one_nor_of_the_next_that_ends_in_order(
    own, tmp_path: Path
) -> None:
    assert own("local-aws", "start", "--port", "0").status == 0
    assert own("ansible-playbook", "deploy.yml").status == 0
    processes, listened = started_by(tmp_path)
    assert len(processes) >= 5  # the daemon, Envoy, three instances
    assert len(listened) >= 8  # the API, the load balancer, three instances and their metadata
    os.kill(json.loads((tmp_path / "running.json").read_text())["pid"], signal.SIGKILL)

    assert own("local-aws", "stop").status == 0
    assert_nothing_left(tmp_path, processes, listened)

    assert own("local-aws", "start", "--port", "0").status == 0
    assert own("ansible-playbook", "deploy.yml").status == 0
    processes, listened = started_by(tmp_path)
    assert own("ansible-playbook", "destroy.yml").status == 0
    assert own("local-aws", "stop").status == 0
    assert_nothing_left(tmp_path, processes, listened)
