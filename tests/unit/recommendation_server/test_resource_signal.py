"""The signal of an instance's first boot: when it is sent, what it says, and until it arrives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from server_process import FILES, Server, Stub

from recommendation_server import resource_signal
from recommendation_server.aws import AwsError, OutageError
from recommendation_server.resource_signal import pause

PROGRAM = (sys.executable, "-m", "recommendation_server")
# As __main__ does it, but with less patience.
IMPATIENT = """
import sys
from recommendation_server import log, resource_signal

log.configure()
resource_signal.SERVER_SECONDS = 1
sys.exit(resource_signal.signal_resource("demo", "Group", None))
"""


def signalled(stub: Stub) -> dict[str, str]:
    """What CloudFormation was sent last."""
    *_, call = [call for call in stub.calls() if call.startswith("Action=")]
    return {name: value for name, (value,) in parse_qs(call).items() if name != "Version"}


def environment(stub: Stub, home: Path, port: int) -> dict[str, str]:
    own = {"PYTHONPATH": str(FILES), "HOME": str(home), "PORT": str(port)}
    return own | stub.environment()


def test_signals_success_once_the_server_is_healthy(stub: Stub, server: Server, home: Path) -> None:
    done = subprocess.run(
        (*PROGRAM, "signal", "--stack", "demo", "--resource", "Group"),
        env=environment(stub, home, server.port),
        check=True,
        timeout=30,
        capture_output=True,
    )
    assert signalled(stub) == {
        "Action": "SignalResource",
        "StackName": "demo",
        "LogicalResourceId": "Group",
        "UniqueId": "i-0123456789abcdef0",
        "Status": "SUCCESS",
    }
    assert b'"status": "SUCCESS"' in done.stdout
    assert b"first boot failed" not in done.stdout


def test_signals_failure_with_the_reason_on_the_console_when_nothing_serves(
    stub: Stub, home: Path
) -> None:
    done = subprocess.run(
        (sys.executable, "-c", IMPATIENT),
        env=environment(stub, home, 1),
        timeout=30,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert signalled(stub)["Status"] == "FAILURE"
    assert b"\nfirst boot failed: unit: the server does not answer at port 1: " in done.stdout


def test_another_program_at_the_port_is_not_the_server(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource_signal.config, "PORT", stub.imds_port)
    problem = resource_signal._server_problem()
    assert problem == "health: /healthcheck answers 404: another program's answer"


def test_a_failure_is_known_within_a_minute() -> None:
    assert resource_signal.SERVER_SECONDS < 60


@pytest.mark.parametrize(("waited", "seconds"), [(0, 0.2), (2, 0.2), (20, 2), (50, 5), (239, 5)])
def test_it_looks_less_often_the_longer_it_takes(waited: float, seconds: float) -> None:
    assert pause(waited) == seconds


def test_three_instances_at_awss_timings_ask_less_than_once_a_second() -> None:
    """A minute until two checks at 10 s have passed; each instance asks once in each pause."""
    waited, calls = 10.0, 0  # until then the server itself does not answer
    while waited < 60:
        waited, calls = waited + pause(waited), calls + 1
    assert 3 * calls / 50 < 1.2


Send = Callable[..., int]


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    """Signals for a server that serves; CloudFormation answers so, then always as at last."""
    known = SimpleNamespace(known={"region": "us-east-1", "instance_id": "i-1"}, refresh=int)
    monkeypatch.setattr(resource_signal, "Identity", lambda: known)
    monkeypatch.setattr(resource_signal, "Access", lambda: SimpleNamespace(refresh=str))
    monkeypatch.setattr(resource_signal, "_server_problem", lambda: None)
    monkeypatch.setattr(resource_signal.time, "sleep", lambda _: None)

    def sent(*answers: AwsError | None) -> int:
        """How often it was sent."""
        left, calls = [*answers], 0

        def call(*_: object) -> None:
            nonlocal calls
            calls += 1
            answer = left.pop(0) if len(left) > 1 else left[0]
            if answer:
                raise answer

        monkeypatch.setattr(resource_signal.query_api, "call", call)
        assert resource_signal.signal_resource("demo", "Group", None) == 0
        return calls

    return sent


def test_a_signal_that_gets_no_answer_or_comes_too_fast_is_sent_again(send: Send) -> None:
    """Without it CloudFormation waits until it rolls back what serves."""
    passing = [OutageError("TimeoutError"), AwsError("Throttling"), AwsError("Http503")]
    assert send(*passing, None) == len(passing) + 1


def test_a_signal_that_is_refused_is_not_sent_again(send: Send) -> None:
    """Nobody waits for it when Auto Scaling replaces an instance."""
    assert send(AwsError("ValidationError")) == 1


def test_a_signal_is_not_sent_without_end(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_signal, "SIGNAL_SECONDS", 0.05)
    assert send(OutageError("TimeoutError")) > 1
