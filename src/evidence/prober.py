"""Open-loop traffic: requests leave on a fixed schedule, whatever the service does.

Connections are kept alive, as a load balancer's clients do: an Application Load Balancer chooses
a target for each request, not for each connection, so its rotation shows all the same, and no
handshake is counted as the service's latency. Idle connections are dropped before the load
balancer would (its idle timeout is 60 s by default), and a request whose kept connection was closed
at that moment is sent once more by the client library; so neither is taken for a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import resource
import time
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import yarl

from evidence.records import Reply
from evidence.replies import read_content

_HEADERS = {"User-Agent": "resilience-prober", "Accept": "application/json"}
MAXIMUM_BACKLOG_SECONDS = 1.0
"""A prober further behind than this (its machine slept) leaves requests out, and says so."""

_TICK_SECONDS = 0.001
"""uvloop's timers count whole milliseconds: a shorter sleep would not sleep, but spin."""

_OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL)
_BROKEN_OFF = (
    aiohttp.ServerDisconnectedError,
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    ConnectionError,
)


class Prober:
    """Sends `rate` requests a second to `url` until told to stop; calls `record` for each reply.

    `missed` counts requests that were never sent because the prober itself could not: it was too
    far behind, or its machine had no socket left.
    """

    def __init__(
        self, url: str, rate: float, timeout_seconds: float, record: Callable[[Reply], None]
    ) -> None:
        self._url = yarl.URL(url)  # read once, not for each request
        self._interval_seconds = 1 / rate
        self._timeout_seconds = timeout_seconds
        self._record = record
        self._in_flight: set[asyncio.Task[None]] = set()
        self.missed = 0

    async def run(self, stop: asyncio.Event, duration_seconds: float | None = None) -> None:
        """Probe until `stop` is set or the duration is over, then wait for what is in flight."""
        _allow_many_sockets()
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=10)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._timeout_seconds),
            headers=_HEADERS,
            auto_decompress=False,
        ) as session:
            await self._keep_schedule(session, stop, duration_seconds)
            if self._in_flight:
                await asyncio.wait(self._in_flight)

    async def _keep_schedule(
        self,
        session: aiohttp.ClientSession,
        stop: asyncio.Event,
        duration_seconds: float | None,
    ) -> None:
        loop = asyncio.get_running_loop()
        started, started_at = time.monotonic(), time.time()
        number = 0
        while not stop.is_set():
            elapsed = number * self._interval_seconds
            if duration_seconds is not None and elapsed >= duration_seconds:
                return
            ahead = started + elapsed - time.monotonic()
            if ahead > 0:
                await _sleep_unless_set(stop, max(ahead, _TICK_SECONDS))
                continue
            number += 1
            if -ahead > MAXIMUM_BACKLOG_SECONDS:
                self.missed += 1
                continue
            task = loop.create_task(self._probe(session, started_at + elapsed, started + elapsed))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _probe(
        self, session: aiohttp.ClientSession, scheduled_at: float, scheduled: float
    ) -> None:
        late_ms = (time.monotonic() - scheduled) * 1000
        status: int | None = None
        details: dict[str, Any]
        try:
            async with session.get(self._url, allow_redirects=False) as response:
                body = await response.read()
                status = response.status
            details = read_content(status, body)._asdict()
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            if _is_own_limit(error):
                self.missed += 1
                return
            details = {"kind": "error", "error": _error_name(error)}
        latency_ms = (time.monotonic() - scheduled) * 1000
        self._record(
            Reply(
                scheduled_at=round(scheduled_at, 6),
                late_ms=round(late_ms, 3),
                latency_ms=round(latency_ms, 3),
                status=status,
                **details,
            )
        )


def run_with_fast_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` on uvloop where there is one (it halves the cost of a request)."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _sleep_unless_set(stop: asyncio.Event, seconds: float) -> None:
    if seconds < 0.25:
        await asyncio.sleep(seconds)
        return
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _allow_many_sockets() -> None:
    """At a high rate against a hanging service, every request of the timeout is open at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some hard limits
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _is_own_limit(error: Exception) -> bool:
    """This machine had no socket or port left: the request says nothing about the service."""
    return isinstance(error, OSError) and error.errno in _OWN_LIMITS


def _error_name(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unresolved"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "refused" if error.errno == errno.ECONNREFUSED else "unreachable"
    if isinstance(error, _BROKEN_OFF):
        return "reset"
    return "malformed"
