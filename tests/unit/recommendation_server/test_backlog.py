"""Who waits for a worker, and who is refused: a health check never waits for a crowd to go."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from server_process import wait_until

from local_aws.host.ports import free_port
from recommendation_server import backlog, config
from recommendation_server.backlog import MOST_CHECKS, MOST_USERS, Backlog
from recommendation_server.connection import Connection
from recommendation_server.http_server import THREADS, HttpServer

SERVER = SimpleNamespace(peercreds_enabled=False, peercreds_resolve_enabled=False)
USER = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHECK = b"GET /healthcheck?depth=shallow HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def connection() -> Iterator[Callable[[bool], Connection]]:
    with contextlib.ExitStack() as opened:

        def connection(is_check: bool) -> Connection:
            client, served = socket.socketpair()
            opened.enter_context(client)
            made = Connection(SERVER, served)
            opened.callback(made.close)
            made.is_check = is_check
            return made

        yield connection


@pytest.mark.parametrize(
    ("came", "taken"),
    [
        ("uuu", "uuu"),
        ("ccc", "ccc"),
        ("uuuc", "cuuu"),
        ("uuucc", "cucuu"),
        ("cccuu", "cucuc"),
    ],
)
def test_both_lines_have_their_turn(
    connection: Callable[[bool], Connection], came: str, taken: str
) -> None:
    line = Backlog()
    for sign in came:
        line.put(connection(sign == "c"))
    assert "".join("c" if line.get().is_check else "u" for _ in came) == taken


def test_a_worker_is_told_to_end_after_the_users(connection: Callable[[bool], Connection]) -> None:
    line = Backlog()
    user = connection(False)
    line.put(user)
    line.put(None)
    assert [line.get(), line.get()] == [user, None]


@pytest.mark.parametrize(("is_check", "most"), [(False, MOST_USERS), (True, MOST_CHECKS)])
def test_a_full_line_leaves_the_other_its_places(
    connection: Callable[[bool], Connection], is_check: bool, most: int
) -> None:
    line = Backlog()
    one, other = connection(is_check), connection(not is_check)
    for _ in range(most):
        assert line.has_place(one)
        line.put(one)
    assert not line.has_place(one)
    assert line.has_place(other)


@pytest.mark.parametrize(
    ("sent", "is_check"),
    [
        (CHECK, True),
        (b"GET /healthcheck HTTP/1.1\r\n", True),
        (b"HEAD /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (USER, False),
        (b"GET /healthchecks HTTP/1.1\r\nHost: x\r\n\r\n", False),
        (b"POST /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n", False),
        (b"GET /healthch", False),
        (USER + CHECK, False),
    ],
)
def test_a_check_is_known_by_its_first_line(sent: bytes, is_check: bool) -> None:
    client, served = socket.socketpair()
    with client:
        made = Connection(SERVER, served)
        client.sendall(sent)
        assert made.brings_check() == is_check
        made.close()


class Slow:
    """An application that answers one user for each `release`, and a health check at once."""

    def __init__(self) -> None:
        self._released = threading.Semaphore(0)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> list[bytes]:
        if environ["PATH_INFO"] == "/":
            self._released.acquire()
        start_response("200 OK", [("Content-Length", "0")])
        return []

    def release(self, users: int) -> None:
        self._released.release(users)


def test_a_crowd_is_refused_while_a_check_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    places = 40
    monkeypatch.setattr(backlog, "MOST_USERS", places)
    monkeypatch.setattr(backlog, "LONG", places // 2)
    monkeypatch.setattr(config, "LISTEN_ADDRESS", "127.0.0.1")
    monkeypatch.setattr(config, "PORT", free_port())
    slow = Slow()
    server = HttpServer(slow)
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    with contextlib.ExitStack() as connected:

        def send(request: bytes) -> socket.socket:
            client = socket.create_connection(("127.0.0.1", config.PORT), 5)
            connected.enter_context(client).sendall(request)
            return client

        try:
            for _ in range(THREADS):
                send(USER)
            wait_until(lambda: server.requests.idle == 0)
            for _ in range(places):
                send(USER)
            wait_until(lambda: server.requests.qsize == places)
            assert send(USER).recv(12) == b"HTTP/1.1 503"
            check = send(CHECK)
            wait_until(lambda: server.requests.qsize == places + 1)
            slow.release(1)
            assert check.recv(12) == b"HTTP/1.1 200"
            assert server.requests.qsize >= places - 1
        finally:
            slow.release(THREADS + places)
            server.stop()
            serving.join()
