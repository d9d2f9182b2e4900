"""A demonstration has a local AWS of its own, ends with it, and touches none of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import ROOT, kill
from workplace import Moment, Workplace, assert_gone, listened_by

CREATING = Moment(
    "creating",
    ("ansible-playbook", "demo.yml"),
    ("TASK [service_stack : Create the stack",),
    moves=True,
)


@pytest.mark.usefixtures("running")
def test_a_killed_demonstration_leaves_nothing_running_and_a_local_aws_at_home_as_it_was(
    home: Path,
) -> None:
    workplace = Workplace(home)
    before = workplace.running()
    assert before
    terminal = workplace.go_to(CREATING)
    try:
        started = workplace.running() - before
        assert workplace.daemon() & started
        listened = listened_by(started)

        kill(terminal.identity)

        terminal.ended(60)
        assert_gone(started, listened)
        assert workplace.running() == before
        workplace.run("local-aws", "status")
        for folder in workplace.demonstrations():
            workplace.run("local-aws", "remove", "--unused-below", str(folder.parent))
        assert not any(folder.exists() for folder in workplace.demonstrations())
    finally:
        terminal.close()


def test_a_demonstration_is_not_played_on_an_account(playbook) -> None:
    run = playbook("-i", str(ROOT / "inventory" / "aws"), "demo.yml")

    assert run.status != 0
    assert "the backend of resilience-demo is aws" in run.output
    assert run.changed == 0
