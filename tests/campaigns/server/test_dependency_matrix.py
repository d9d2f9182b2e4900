"""Every way a dependency can fail, times what the server may be told to do about it.

Each cell is checked with many requests: the status and the kind of every reply, a bound on its
time, and no traceback or inner message in any body.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aws_stub import MODES
from server_process import Reply, Server, Stub, wait_until

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(1800)]

REPLY_SECONDS = 1.5
PARAMETERS = {
    "doc-example-resilient-architecture-table": "recommendations",
    "doc-example-resilient-architecture-failure-response": "none",
    "doc-example-resilient-architecture-health-check": "shallow",
}
SHALLOW, DEEP = "/healthcheck?depth=shallow", "/healthcheck?depth=deep"
REAL, STATIC, ERROR, UP, DOWN = "200 real", "200 static", "502 error", "200 true", "503 false"
WORKS = {"/": {REAL}, SHALLOW: {UP}, DEEP: {UP}}


def broken(failure_response: str) -> dict[str, set[str]]:
    return {
        "/": {STATIC if failure_response == "static" else ERROR},
        SHALLOW: {UP},
        DEEP: {DOWN},
    }


def kind(reply: Reply) -> str:
    """Like "200 real". Fails for a body that shows what users must not see."""
    for forbidden in (b"Traceback", b"arn:", b"stub-"):
        assert forbidden not in reply.body, reply.body
    content = reply.json
    if "success" in content:
        return f"{reply.status} {str(content['success']).lower()}"
    assert content["Metadata"].keys() == {"InstanceId", "AvailabilityZone", "Release"}
    if "error" in content:
        return f"{reply.status} error"
    return f"{reply.status} {'static' if content['ItemId'] == {'N': '0'} else 'real'}"


class Cell:
    """Asks all three questions `requests` times and notes the answers that were not expected."""

    def __init__(self, server: Server, requests: int) -> None:
        self._server = server
        self._requests = requests
        self.wrong: list[str] = []

    def check(self, name: str, expected: dict[str, set[str]]) -> None:
        with ThreadPoolExecutor(10) as pool:
            for path, kinds in expected.items():
                replies = pool.map(
                    lambda path: kind(self._server.get(path, timeout=REPLY_SECONDS)),
                    [path] * self._requests,
                )
                seen = Counter(replies)
                if set(seen) != kinds:
                    self.wrong.append(f"{name} {path}: expected {kinds}, seen {dict(seen)}")


@pytest.fixture
def requests_per_cell(full: bool) -> int:
    return 200 if full else 20


def choose(stub: Stub, server: Server, failure_response: str) -> None:
    name = "doc-example-resilient-architecture-failure-response"
    stub.behave(parameters={**PARAMETERS, name: failure_response})
    wait_until(
        lambda: server.get("/status").json["settings"]["failure_response"] == failure_response
    )


@pytest.mark.parametrize("failure_response", ["none", "static"])
def test_dynamodb(
    stub: Stub, server: Server, requests_per_cell: int, failure_response: str
) -> None:
    choose(stub, server, failure_response)
    cell = Cell(server, requests_per_cell)
    cell.check("ok", WORKS)
    for mode in MODES["dynamodb"]:
        if mode != "ok":
            stub.behave(dynamodb=mode)
            cell.check(mode, broken(failure_response))
    stub.behave(dynamodb="ok")
    wait_until(lambda: kind(server.get("/")) == REAL)
    stub.behave(refuse=True)
    cell.check("refused", broken(failure_response))
    stub.behave(refuse=False)
    wait_until(lambda: kind(server.get("/")) == REAL)
    cell.check("restored", WORKS)
    assert not cell.wrong, "\n".join(cell.wrong)


@pytest.mark.parametrize("failure_response", ["none", "static"])
def test_ssm(
    stub: Stub, server: Server, full: bool, requests_per_cell: int, failure_response: str
) -> None:
    """Whatever SSM does, the last good settings stay, and nobody notices."""
    choose(stub, server, failure_response)
    cell = Cell(server, requests_per_cell)
    for mode in MODES["ssm"] if full else ("ok", "hang", "denied", "bad_values"):
        stub.behave(ssm=mode)
        if mode != "ok":
            wait_until(lambda: server.get("/status").json["settings_error"])
        cell.check(mode, WORKS)
        settings = server.get("/status").json["settings"]
        assert settings["failure_response"] == failure_response
        assert settings["table"] == "recommendations"
        stub.behave(ssm="ok")
        wait_until(lambda: server.get("/status").json["settings_error"] is None)
    assert not cell.wrong, "\n".join(cell.wrong)


@pytest.mark.parametrize("failure_response", ["none", "static"])
def test_imds_while_serving(
    stub: Stub, server: Server, requests_per_cell: int, failure_response: str
) -> None:
    choose(stub, server, failure_response)
    cell = Cell(server, requests_per_cell)
    for mode in MODES["imds"]:
        stub.behave(imds=mode)
        cell.check(mode, WORKS)
    stub.behave(imds="ok")
    assert not cell.wrong, "\n".join(cell.wrong)


@pytest.mark.parametrize("failure_response", ["none", "static"])
def test_imds_at_the_start(
    stub: Stub, tmp_path: Path, full: bool, requests_per_cell: int, failure_response: str
) -> None:
    """After a reboot without metadata: who and how is known from disk, credentials are not."""
    environment = stub.environment() | {"RECOMMENDATION_ITEM_CACHE_SECONDS": "0"}
    server = Server(tmp_path, environment)
    with server:
        choose(stub, server, failure_response)
        wait_until(lambda: failure_response in (tmp_path / "settings.json").read_text())
    wrong = []
    for mode in MODES["imds"] if full else ("ok", "hang", "no_role"):
        stub.behave(imds=mode)
        with server:
            cell = Cell(server, requests_per_cell)
            cell.check(mode, WORKS if mode == "ok" else broken(failure_response))
            assert server.get("/").json["Metadata"]["InstanceId"] == "i-0123456789abcdef0"
            wrong += cell.wrong
    stub.behave(imds="ok")
    assert not wrong, "\n".join(wrong)
