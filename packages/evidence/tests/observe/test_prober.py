"""The prober against real sockets: what it records, and that it keeps its schedule."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import Any

import pytest

from evidence.observe import prober as prober_module
from evidence.observe.prober import MAXIMUM_BACKLOG_SECONDS
from evidence.prober import BehindError, Prober, ReplyShape, run_with_fast_loop
from evidence.records import Reply

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

SHAPE = ReplyShape(
    required={"/title": "string"},
    instance="/server/name",
    availability_zone="/server/zone",
    release="/server/release",
)
BODY = json.dumps(
    {"title": "Dune", "server": {"name": "i-1", "zone": "z", "release": "1.0.0"}}
).encode()


def answering(status: str, body: bytes) -> Handler:
    fields = f"Content-Length: {len(body)}\r\nLocation: /elsewhere"
    head = f"HTTP/1.1 {status}\r\n{fields}\r\n\r\n".encode()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(head + body)
            await writer.drain()
        writer.close()

    return handle


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.transport.abort()


async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    writer.close()


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    writer.close()


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    """The URL of a server that leaves no connection open behind it."""
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections[asyncio.ensure_future(handler(reader, writer))] = writer

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        # asyncio leaves a connection open that it accepts just when its server is closed.
        while accepting := asyncio.all_tasks() - {asyncio.current_task(), *connections}:
            await asyncio.gather(*accepting, return_exceptions=True)
        server.close()
        for serving, writer in connections.items():
            serving.cancel()
            writer.transport.abort()
        await asyncio.gather(*connections, return_exceptions=True)
        for writer in connections.values():
            with suppress(ConnectionError):
                await writer.wait_closed()


def probed(
    handler: Handler | None,
    rate: float = 50,
    duration_seconds: float = 0.2,
    timeout_seconds: float = 0.3,
) -> list[Reply]:
    replies: list[Reply] = []

    async def main() -> None:
        if handler is None:
            with socket.socket() as deaf:  # bound and not listening, so nobody else gets the port
                deaf.bind(("127.0.0.1", 0))
                port = deaf.getsockname()[1]
                url = f"http://127.0.0.1:{port}/"
                prober = Prober(url, rate, timeout_seconds, replies.append, SHAPE)
                await prober.run(asyncio.Event(), duration_seconds)
            return
        async with served(handler) as url:
            prober = Prober(url, rate, timeout_seconds, replies.append, SHAPE)
            await prober.run(asyncio.Event(), duration_seconds)

    run_with_fast_loop(main())
    return sorted(replies, key=lambda reply: reply.scheduled_at)


def test_a_reply_is_recorded_with_who_gave_it() -> None:
    before = time.time()
    replies = probed(answering("200 OK", BODY))
    assert len(replies) == 10
    for reply in replies:
        assert (reply.status, reply.kind, reply.error) == (200, "real", None)
        assert (reply.instance, reply.availability_zone, reply.release) == ("i-1", "z", "1.0.0")
        assert before <= reply.scheduled_at <= time.time()
        assert 0 <= reply.late_ms <= reply.latency_ms < 1000


def test_requests_are_due_at_even_distances() -> None:
    replies = probed(answering("200 OK", BODY), rate=100)
    distances = {
        round(after.scheduled_at - before.scheduled_at, 4) for before, after in pairwise(replies)
    }
    assert distances == {0.01}


@pytest.mark.parametrize(
    ("handler", "status", "error"),
    [
        (None, None, "refused"),
        (hang, None, "timeout"),
        (hang_up, None, "reset"),
        (talk_nonsense, None, "malformed"),
        (break_off, None, "reset"),
        (answering("502 Bad Gateway", BODY), 502, "502"),
        (answering("503 Service Unavailable", b""), 503, "503"),
        (answering("302 Found", b""), 302, "302"),  # a redirect is told, not followed
        (answering("200 OK", b"hello"), 200, "malformed"),
    ],
)
def test_failures_are_told_apart(handler: Handler | None, status: int | None, error: str) -> None:
    replies = probed(handler, duration_seconds=0.1)
    assert {(reply.kind, reply.status, reply.error) for reply in replies} == {
        ("error", status, error)
    }


def test_a_name_that_does_not_exist_is_unresolved() -> None:
    replies: list[Reply] = []
    prober = Prober("http://no-such-host.invalid/", 20, 2, replies.append)
    run_with_fast_loop(prober.run(asyncio.Event(), 0.05))
    assert {reply.error for reply in replies} == {"unresolved"}


def test_the_load_is_open_a_slow_service_gets_no_fewer_requests() -> None:
    replies = probed(hang, rate=100, duration_seconds=0.5, timeout_seconds=0.3)
    assert len(replies) == 50
    assert max(reply.late_ms for reply in replies) < 100
    assert all(reply.latency_ms >= 299 for reply in replies)


def test_latency_counts_from_the_moment_a_request_was_due() -> None:
    async def main() -> list[Reply]:
        replies: list[Reply] = []
        async with served(answering("200 OK", BODY)) as url:
            prober = Prober(url, 100, 5, replies.append)
            run = asyncio.create_task(prober.run(asyncio.Event(), 0.6))
            await asyncio.sleep(0.1)
            time.sleep(0.3)
            await run
        return replies

    replies = asyncio.run(main())
    assert len(replies) == 60
    stalled = max(replies, key=lambda reply: reply.late_ms)
    assert 150 < stalled.late_ms < stalled.latency_ms


def test_a_prober_that_slept_leaves_requests_out_and_says_so() -> None:
    async def main() -> tuple[int, int]:
        replies: list[Reply] = []
        async with served(answering("200 OK", BODY)) as url:
            prober = Prober(url, 100, 5, replies.append)
            run = asyncio.create_task(prober.run(asyncio.Event(), 1.7))
            await asyncio.sleep(0.1)
            time.sleep(MAXIMUM_BACKLOG_SECONDS + 0.5)
            await run
        return len(replies), prober.missed

    sent, missed = asyncio.run(main())
    assert missed > 20
    assert sent + missed == 170


def test_it_stops_when_told_and_waits_for_what_is_in_flight() -> None:
    async def main() -> list[Reply]:
        replies: list[Reply] = []
        async with served(hang) as url:
            stop = asyncio.Event()
            prober = Prober(url, 100, 0.4, replies.append)
            run = asyncio.create_task(prober.run(stop))
            await asyncio.sleep(0.1)
            stop.set()
            await asyncio.wait_for(run, 2)
        return replies

    replies: Any = asyncio.run(main())
    assert replies
    assert all(reply.error == "timeout" for reply in replies)


def test_a_reply_that_cannot_be_recorded_ends_it() -> None:
    def refuse(_: Reply) -> None:
        raise ValueError("no such record")

    async def main() -> None:
        async with served(answering("200 OK", BODY)) as url:
            await asyncio.wait_for(Prober(url, 100, 5, refuse).run(asyncio.Event()), 5)

    with pytest.raises(ValueError, match="no such record"):
        asyncio.run(main())


def test_what_waits_at_once_is_bounded_and_the_rest_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prober_module, "MAXIMUM_IN_FLIGHT", 10)

    async def main() -> tuple[list[Reply], int]:
        replies: list[Reply] = []
        async with served(hang) as url:
            prober = Prober(url, 100, 2, replies.append)
            await prober.run(asyncio.Event(), 0.5)
        return replies, prober.missed

    replies, missed = asyncio.run(main())
    assert (len(replies), missed) == (10, 40)


def test_a_prober_that_cannot_keep_its_schedule_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober_module, "_HOPELESS_SECONDS", 1)
    monkeypatch.setattr(prober_module, "MAXIMUM_BACKLOG_SECONDS", 0.1)

    def slow(_: Reply) -> None:
        time.sleep(0.01)

    async def main() -> int:
        async with served(answering("200 OK", BODY)) as url:
            prober = Prober(url, 500, 1, slow)
            with pytest.raises(BehindError, match=r"500 requests a second are more than this"):
                await asyncio.wait_for(prober.run(asyncio.Event()), 30)
        return prober.missed

    assert asyncio.run(main()) > 100
