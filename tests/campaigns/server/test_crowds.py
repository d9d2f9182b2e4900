"""Clients that do nothing, clients that stop half-way, and far too many clients."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from server_process import Server, ask, wait_until

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SLOW_CLIENTS = 200
HALVES = (
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
)
CHECK_SECONDS = 1.0
RSS_MIB = 150


@contextlib.contextmanager
def slow_clients(port: int, beginnings: tuple[bytes, ...]) -> Iterator[None]:
    """Each connects, sends a beginning, and then nothing."""
    with contextlib.ExitStack() as connected:
        for number in range(SLOW_CLIENTS):
            client = connected.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            client.sendall(beginnings[number % len(beginnings)])
        yield


def worst_check_seconds(port: int, watched_seconds: float) -> float:
    """The slowest of the health checks made for a while; each must be answered with 200."""
    worst = 0.0
    end = time.monotonic() + watched_seconds
    while time.monotonic() < end:
        begun_at = time.monotonic()
        assert ask(port, "/healthcheck?depth=shallow").status == 200
        worst = max(worst, time.monotonic() - begun_at)
        time.sleep(0.1)
    return worst


@pytest.fixture
def watched_seconds(full: bool) -> float:
    return 12.0 if full else 1.5


@pytest.mark.parametrize("beginnings", [(b"",), HALVES], ids=["idle", "half-sent"])
def test_slow_clients_of_the_load_balancer(
    service: Any, beginnings: tuple[bytes, ...], watched_seconds: float
) -> None:
    with slow_clients(service.port, beginnings):
        for server in service.servers:
            assert ask(server.port, "/healthcheck").status == 200
        assert worst_check_seconds(service.servers[0].port, watched_seconds) < CHECK_SECONDS
        assert worst_check_seconds(service.port, watched_seconds) < CHECK_SECONDS
        assert service.states() == {"healthy"}


@pytest.mark.parametrize("beginnings", [(b"",), HALVES], ids=["idle", "half-sent"])
def test_slow_clients_of_one_server(
    server: Server, beginnings: tuple[bytes, ...], watched_seconds: float
) -> None:
    with slow_clients(server.port, beginnings):
        assert worst_check_seconds(server.port, watched_seconds) < CHECK_SECONDS


async def crowd(port: int, size: int) -> Counter[str]:
    """All connect, then all ask, then all wait for their answers."""
    together = asyncio.Event()
    connected = 0

    async def one() -> str:
        nonlocal connected
        try:
            async with asyncio.timeout(60):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                connected += 1
                await together.wait()
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                reply = await reader.read()
                writer.close()
        except (OSError, TimeoutError) as error:
            return type(error).__name__
        return reply[9:12].decode() or "closed"

    clients = [asyncio.create_task(one()) for _ in range(size)]
    while connected + sum(client.done() for client in clients) < size:
        await asyncio.sleep(0.05)
    together.set()
    return Counter(await asyncio.gather(*clients))


def test_a_crowd_is_served_or_shed_and_forgotten(service: Any, full: bool) -> None:
    size = 10_000 if full else 1_000
    seen = asyncio.run(crowd(service.port, size))
    assert set(seen) <= {"200", "503", "closed"}, seen
    assert seen["200"] > size / 2

    def normal() -> bool:
        begun_at = time.monotonic()
        return ask(service.port, "/").status == 200 and time.monotonic() - begun_at < 0.1

    assert wait_until(normal, 10) < 10
    wait_until(lambda: service.states() == {"healthy"}, 10)
    for server in service.servers:
        assert server.process.poll() is None
        assert server.rss_mib() < RSS_MIB
