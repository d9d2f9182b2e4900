from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest
from server_process import Reply, Server, Stub, wait_until


def test_sigterm_says_503_finishes_what_is_in_flight_and_exits_0(stub: Stub, home: Path) -> None:
    quick = {"DRAIN_SECONDS": "1", "RECOMMENDATION_ITEM_CACHE_SECONDS": "0"}
    with Server(home, stub.environment() | quick) as server:
        replies: list[Reply] = []
        stopped = threading.Event()

        def user() -> None:
            while not stopped.is_set():
                replies.append(server.get("/"))

        wait_until(lambda: any(line["event"] == "serving" for line in server.log()))
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: server.get("/healthcheck").status == 503, 1)
        assert server.get("/healthcheck").json["error"] == "Stopping"
        thread = threading.Thread(target=user)
        thread.start()
        wait_until(lambda: len(replies) > 20, 1)
        stopped.set()
        thread.join(5)
        # In flight while the listener closes.
        stub.behave(dynamodb_delay_ms=200)
        begun_at = time.monotonic()
        last = server.get("/")
        assert server.process.wait(10) == 0
        stub.behave(dynamodb_delay_ms=0)
        assert time.monotonic() - begun_at < 5
    assert {reply.status for reply in (*replies, last)} == {200}


def test_sigkill_loses_nothing(stub: Stub, home: Path) -> None:
    with Server(home, stub.environment()) as server:
        settings = server.get("/status").json["settings"]
        server.kill()
        server.start()
        assert server.get("/status").json["settings"] == settings
        assert server.get("/").status == 200


def test_a_taken_port_is_one_line_and_status_1(stub: Stub, server: Server, home: Path) -> None:
    second = Server(home, stub.environment() | {"PORT": str(server.port)}, port=server.port)
    second.start()
    assert second.process.wait(15) == 1
    assert second.log()[-1]["event"] == "failed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "65536"),
        ("DRAIN_SECONDS", "many"),
        ("DRAIN_SECONDS", "-1"),
        ("LONGEST_HOLD_SECONDS", "nan"),
        ("RECOMMENDATION_ITEM_CACHE_SECONDS", "inf"),
    ],
)
def test_a_bad_number_is_one_line_with_its_name_and_status_1(
    stub: Stub, home: Path, name: str, value: str
) -> None:
    server = Server(home, stub.environment() | {name: value})
    with pytest.raises(OSError):  # noqa: PT011 - nothing listens
        server.start()
    assert server.process.wait(5) == 1
    (line,) = server.log()
    assert line["error"].startswith(f"{name} is '{value}'; a number from ")


def test_the_log_is_json_lines_without_secrets(stub: Stub, server: Server) -> None:
    stub.behave(dynamodb="denied")
    server.get("/")
    stub.behave(dynamodb="ok")
    server.get("/")
    events = [line["event"] for line in server.log()]
    assert {"identity", "settings", "serving", "recommendations"} <= set(events)
    text = server.log_file.read_text()
    for secret in ("stub-secret", "stub-token", "stub-metadata-token", "ASIASTUB"):
        assert secret not in text
