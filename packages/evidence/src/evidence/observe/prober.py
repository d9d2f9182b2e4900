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
import uvloop
import yarl

from evidence.observe.limits import check, check_url
from evidence.observe.replies import content_reader
from evidence.observe.reply_shape import ANY_SUCCESS, ReplyShape
from evidence.record.reply import Reply

_HEADERS = {"User-Agent": "resilience-prober", "Accept": "application/json"}
MAXIMUM_BACKLOG_SECONDS = 1.0
"""A prober further behind than this (its machine slept) leaves requests out, and says so."""

MAXIMUM_IN_FLIGHT = 10_000
"""More requests than this never wait at once: each costs up to 20 KB. What is beyond is missed."""

_HOPELESS_SECONDS = 10
"""A prober that misses most requests in each of so many seconds on end gives up."""

_TICK_SECONDS = 0.001
"""uvloop's timers count whole milliseconds: a shorter sleep would not sleep, but spin."""

_OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL)
_BROKEN_OFF = (
    aiohttp.ServerDisconnectedError,
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    ConnectionError,
)


class BehindError(Exception):
    """This machine does not keep the schedule at all: what is measured would be the prober."""


class Prober:
    """Sends `rate` requests a second to `url` until it is stopped; calls `record` for each reply.

    `reply_shape` says which replies are real and who gave them; without it, every 2xx is real.
    `missed` counts requests that were never sent because the prober itself could not: it was too
    far behind, had too many waiting, or its machine had no socket left. `ended_at` is when the last
    request was due. Raises ValueError for a URL that is not http or https with a host, and for a
    rate or a timeout beyond the limits (limits.py).
    """

    def __init__(
        self,
        url: str,
        rate: float,
        timeout_seconds: float,
        record: Callable[[Reply], None],
        reply_shape: ReplyShape = ANY_SUCCESS,
    ) -> None:
        check_url("url", url)
        check("rate", rate)
        check("request_timeout_seconds", timeout_seconds)
        self._url = yarl.URL(url)  # read once, not for each request
        self._rate = rate
        self._interval_seconds = 1 / rate
        self._timeout_seconds = timeout_seconds
        self._record = record
        self._read_content = content_reader(reply_shape)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._defect: BaseException | None = None
        self.missed = 0
        self.ended_at = time.time()

    async def run(self, stop: asyncio.Event, duration_seconds: float | None = None) -> None:
        """Probe until `stop` is set or the duration is over, then wait for what is in flight.

        Raises BehindError when the schedule cannot be kept at all, and what `record` raises.
        """
        _allow_many_sockets()
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=10)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._timeout_seconds),
            headers=_HEADERS,
            auto_decompress=False,
        ) as session:
            try:
                await self._keep_schedule(session, stop, duration_seconds)
            except BehindError:  # what is in flight would take as long again
                self.missed += len(self._in_flight)
                for request in self._in_flight:
                    request.cancel()
                raise
            finally:
                self.ended_at = time.time()
                if self._in_flight:
                    await asyncio.wait(self._in_flight)
            if self._defect is not None:
                raise self._defect

    async def _keep_schedule(
        self,
        session: aiohttp.ClientSession,
        stop: asyncio.Event,
        duration_seconds: float | None,
    ) -> None:
        loop = asyncio.get_running_loop()
        started, started_at = time.monotonic(), time.time()
        yielded = started
        number = 0
        pace = _Pace(self._rate, started)
        while not stop.is_set() and self._defect is None:
            elapsed = number * self._interval_seconds
            if duration_seconds is not None and elapsed >= duration_seconds:
                return
            now = time.monotonic()
            pace.check(now, number, self.missed)
            ahead = started + elapsed - now
            if ahead > 0:
                await _sleep_unless_set(stop, max(ahead, _TICK_SECONDS))
                yielded = time.monotonic()
                continue
            if now - yielded > _TICK_SECONDS:  # behind: replies and a stop come first
                await asyncio.sleep(0)
                yielded = time.monotonic()
            number += 1
            if -ahead > MAXIMUM_BACKLOG_SECONDS or len(self._in_flight) >= MAXIMUM_IN_FLIGHT:
                self.missed += 1
                continue
            task = loop.create_task(self._probe(session, started_at + elapsed, started + elapsed))
            self._in_flight.add(task)
            task.add_done_callback(self._probed)

    def _probed(self, request: asyncio.Task[None]) -> None:
        """A request without a record would be missing, and nothing would say so: it ends all."""
        self._in_flight.discard(request)
        if not request.cancelled():
            self._defect = self._defect or request.exception()

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
            details = self._read_content(status, body)._asdict()
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


class _Pace:
    """Notices a prober that goes on missing most of its requests."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._second = now
        self._number = self._missed = self._bad_seconds = 0

    def check(self, now: float, number: int, missed: int) -> None:
        """Call it each turn; it counts once a second. Raises BehindError."""
        if now - self._second < 1:
            return
        due, lost = number - self._number, missed - self._missed
        # A machine that slept for long misses much once; one that is too slow does so on and on.
        self._bad_seconds = self._bad_seconds + 1 if lost * 2 > due else 0
        self._second, self._number, self._missed = now, number, missed
        if self._bad_seconds >= _HOPELESS_SECONDS:
            raise BehindError(
                f"{self._rate:g} requests a second are more than this machine sends: it missed "
                f"{lost} of the last {due}. Choose a lower rate, such as 50"
            )


def run_with_fast_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` to its end on uvloop, which halves the cost of a request."""
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
