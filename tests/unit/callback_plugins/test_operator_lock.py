"""A lock is renewed while its run goes on, and a run that has lost it ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import OperatorLock

MINE = ProcessIdentity(1, "mine")
END_SECONDS = 15.0
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Parameters:
    """The calls of the Systems Manager that a lock needs, in memory; or nobody answers."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.answers = True

    def get_parameters(self, Names: list[str]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if not self.answers:
            raise TimeoutError("no answer")
        found = {name: self.values[name] for name in Names if name in self.values}
        return {"Parameters": [{"Name": name, "Value": value} for name, value in found.items()]}

    def put_parameter(self, Name: str, Value: str, **_: Any) -> None:  # noqa: N803 - AWS's names
        self.values[Name] = Value


class Run:
    """A run that has held its lock on a stack for long, and not renewed it."""

    def __init__(self, plugin: ModuleType, stack: str) -> None:
        self.ssm, self.stack = Parameters(), stack
        self.callback = plugin.CallbackModule()
        lock = OperatorLock.of(MINE, "scenario.yml", LONG_AGO)
        self.held = plugin.Held(lock, self.ssm, is_local=True, renewed_next=LONG_AGO)
        self.callback._held[stack] = self.held

    def next_task(self) -> None:
        self.callback.v2_playbook_on_task_start(None, is_conditional=False)

    def write(self, lock: OperatorLock) -> None:
        self.ssm.values[parameter_name(self.stack)] = lock.to_json()

    def read(self) -> OperatorLock:
        return OperatorLock.from_json(self.ssm.values[parameter_name(self.stack)])


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of an AWS that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_aws_that_does_not_answer_keeps_no_run_from_ending(
    plugin: ModuleType, deaf: str, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = {
        "AWS_ENDPOINT_URL": deaf,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "key",
    }
    callback = plugin.CallbackModule()
    lock = OperatorLock.of(MINE, "scenario.yml", LONG_AGO)
    for stack in ("deaf-one", "deaf-two"):
        ssm = plugin.ssm_client(environment)
        callback._held[stack] = plugin.Held(lock, ssm, is_local=True, renewed_next=LONG_AGO)
    began = time.monotonic()

    callback._release()

    assert time.monotonic() - began < END_SECONDS
    callback._held.clear()
    assert capfd.readouterr().err.count("was not released: Read timeout") == 2


@pytest.fixture
def run(plugin: ModuleType, request: pytest.FixtureRequest) -> Iterator[Run]:
    """Of a stack with a name of its own: Ansible shows no error twice."""
    run = Run(plugin, request.node.name)
    yield run
    run.callback._held.clear()  # pytest's end is not the run's


def test_it_is_renewed_before_the_next_task(run: Run) -> None:
    run.write(OperatorLock.of(MINE, "scenario.yml", LONG_AGO))

    run.next_task()

    renewed = datetime.fromisoformat(run.read().renewed_at)
    assert datetime.now(UTC) - renewed < timedelta(minutes=1)
    assert run.held.renewed_next > datetime.now(UTC) + timedelta(minutes=9)


@pytest.mark.parametrize("theirs", [ProcessIdentity(2, "theirs"), None], ids=["held", "released"])
def test_a_run_whose_lock_another_has_taken_over_ends(
    run: Run, capfd: pytest.CaptureFixture[str], theirs: ProcessIdentity | None
) -> None:
    if theirs:
        run.write(OperatorLock.of(theirs, "destroy.yml", LONG_AGO))

    with pytest.raises(SystemExit) as ended:
        run.next_task()

    assert ended.value.code == 1
    shown = " ".join(capfd.readouterr().err.split())
    assert f"The lock on the stack {run.stack} is not this run's any more" in shown
    if theirs:
        assert run.read().process == theirs


def test_a_renewal_that_fails_is_tried_again_in_a_minute(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    run.ssm.answers = False

    run.next_task()
    run.next_task()

    assert capfd.readouterr().err.count("was not renewed: no answer") == 1
    assert run.held.renewed_next < datetime.now(UTC) + timedelta(minutes=2)
