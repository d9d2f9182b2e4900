"""HTTP load from one asyncio loop, light enough to share two cores with what it measures."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uvloop

from evidence.judge.statistics import percentile

_SILENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Sample:
    latency_ms: float  # from the scheduled time
    status: int  # 0: no reply
    body: bytes


@dataclass(frozen=True)
class Throughput:
    replies_per_second: float
    statuses: Counter[int]


def latency_ms(samples: Sequence[Sample], percent: float) -> float:
    """Their percentile, as a report computes it."""
    return percentile([sample.latency_ms for sample in samples], percent)


def get(path: str, *headers: str) -> bytes:
    """A GET as it goes over the wire."""
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", *headers)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


class _Connection(asyncio.Protocol):
    """Sends the same request again and again, on a new connection when the server closed."""

    def __init__(self, load: _ClosedLoop) -> None:
        self._load = load
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._load.request())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        if not length or len(body) < int(length):
            return
        self._received = b""
        self._load.statuses[int(head[9:12])] += 1
        if self._load.running:
            self._transport.write(self._load.request())  # type: ignore[attr-defined]
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._load.running:
            self._load.connect()


class _ClosedLoop:
    def __init__(self, port: int, request: Callable[[], bytes]) -> None:
        self.port = port
        self.request = request
        self.statuses: Counter[int] = Counter()
        self.running = True
        self._tasks: set[asyncio.Task[None]] = set()

    def connect(self) -> None:
        task = asyncio.create_task(self._connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.port)
        except OSError:
            await asyncio.sleep(0.01)
            if self.running:
                self.connect()


def closed_loop(
    port: int, path: str, connections: int, seconds: float, warm_up_seconds: float = 0.5
) -> Throughput:
    """Each connection asks again as soon as it has its answer."""

    async def run() -> Throughput:
        load = _ClosedLoop(port, lambda: get(path))
        for _ in range(connections):
            load.connect()
        await asyncio.sleep(warm_up_seconds)
        load.statuses.clear()
        begun_at = time.perf_counter()
        await asyncio.sleep(seconds)
        statuses = Counter(load.statuses)
        elapsed = time.perf_counter() - begun_at
        load.running = False
        await asyncio.sleep(0.1)
        return Throughput(statuses.total() / elapsed, statuses)

    return uvloop.run(run())


def send(port: int, request: Callable[[], bytes], connections: int, replies: int) -> Counter[int]:
    """As a closed loop, until there are so many replies; how many there were of each status.

    Raises TimeoutError when none comes for a minute.
    """

    async def run() -> Counter[int]:
        load = _ClosedLoop(port, request)
        for _ in range(connections):
            load.connect()
        seen = 0
        while seen < replies:
            async with asyncio.timeout(_SILENCE_SECONDS):
                while load.statuses.total() == seen:
                    await asyncio.sleep(0.05)
            seen = load.statuses.total()
        load.running = False
        await asyncio.sleep(0.1)
        return load.statuses

    return uvloop.run(run())


async def fetch(port: int, path: str, due_at: float, timeout_seconds: float) -> Sample:
    """One GET on its own connection; `due_at` is of time.perf_counter()."""
    status, body = 0, b""
    writer = None
    try:
        async with asyncio.timeout(timeout_seconds):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get(path, "Connection: close"))
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            status = int(head[9:12])
    except (OSError, TimeoutError, ValueError):
        pass
    finally:
        if writer is not None:
            writer.close()
    return Sample((time.perf_counter() - due_at) * 1000, status, body)


async def open_loop(
    port: int, path: str, per_second: float, seconds: float, timeout_seconds: float = 10.0
) -> list[Sample]:
    """Requests sent on time whether or not earlier ones have been answered."""
    begun_at = time.perf_counter()
    tasks = []
    for number in range(int(per_second * seconds)):
        due_at = begun_at + number / per_second
        await asyncio.sleep(max(0.0, due_at - time.perf_counter()))
        tasks.append(asyncio.create_task(fetch(port, path, due_at, timeout_seconds)))
    return list(await asyncio.gather(*tasks))
