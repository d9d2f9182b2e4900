"""Malformed and odd HTTP requests, reproducible from a seed, and what came back for each."""

from __future__ import annotations

import asyncio
import random
import string
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_PATHS = ("/", "/healthcheck", "/healthcheck?depth=deep", "/status", "/metrics", "/nothing")
_METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "get",
    "G E T",
    "",
)
_VERSIONS = ("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.", "HTTP/a.b", "http/1.1", "")
_BLANKS = (" ", "\t", "  ", " \t ")
_NAMES = (
    "Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Range", "Cookie",
    "X-Forwarded-For", "Upgrade", "TE", "Trailer", "Content-Type", "content_length", "",
)  # fmt: skip
_VALUES = (
    "", "0", "1", "-1", "+1", "5", "99999999999999999999", "0x10", "1e3", "chunked",
    "gzip, chunked", "chunked, chunked", "identity", "close", "keep-alive", "100-continue",
    "h2c", "websocket", "bytes=0-", "\x00", "\xff\xfe", "a" * 300, "é",
    '"', "%s%n", "${jndi:x}", "../../etc/passwd",
)  # fmt: skip


class Requests:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - reproducible on purpose
        self._makers: tuple[Callable[[], bytes], ...] = (
            self._odd_line, self._odd_headers, self._first_header_blank, self._body,
            self._chunked, self._pipelined, self._huge, self._noise, self._mutated, self._query,
            self._slashes,
        )  # fmt: skip

    def take(self, count: int) -> Iterable[bytes]:
        for _ in range(count):
            yield self._random.choice(self._makers)()

    def _pick(self, choices: tuple[str, ...]) -> str:
        return self._random.choice(choices)

    def _request(self, headers: str = "Host: x\r\n", body: str = "", method: str = "GET") -> bytes:
        text = f"{method} {self._pick(_PATHS)} HTTP/1.1\r\n{headers}\r\n{body}"
        return text.encode("latin-1", "replace")

    def _odd_line(self) -> bytes:
        paths = (*_PATHS, "*", "http://x/", "x", "//", "/#a", "/\x00", "/%")
        parts = (self._pick(_METHODS), self._pick(paths), self._pick(_VERSIONS))
        line = self._pick((" ", "  ", "\t", "")).join(parts)
        return (line + self._pick(("\r\n", "\n", "\r", "")) + "Host: x\r\n\r\n").encode("latin-1")

    def _headers(self) -> str:
        lines = (
            f"{self._pick(_NAMES)}{self._pick((':', ': ', ' :', '', '::'))}{self._pick(_VALUES)}"
            for _ in range(self._random.randrange(6))
        )
        return "".join(line + self._pick(("\r\n", "\r\n", "\n", "\r\n ")) for line in lines)

    def _odd_headers(self) -> bytes:
        return self._request(self._headers())

    def _first_header_blank(self) -> bytes:
        return self._request(f"{self._pick(_BLANKS)}{self._pick(_NAMES)}: x\r\nHost: x\r\n")

    def _body(self) -> bytes:
        length = self._pick(_VALUES[:9])
        body = "x" * self._random.randrange(200)
        return self._request(f"Host: x\r\nContent-Length: {length}\r\n", body, self._pick(_METHODS))

    def _chunked(self) -> bytes:
        sizes = ("5", "0", "-1", "zz", "5;a=b", "ffffffffffffffff", "")
        chunks = "".join(f"{self._pick(sizes)}\r\nhello\r\n" for _ in range(3))
        end = self._pick(("0\r\n\r\n", "", "0\r\nTrailer: x\r\n\r\n"))
        return self._request("Host: x\r\nTransfer-Encoding: chunked\r\n", chunks + end)

    def _pipelined(self) -> bytes:
        return b"".join(self._request() for _ in range(self._random.randrange(2, 6)))

    def _huge(self) -> bytes:
        size = self._random.choice((1_000, 8_000, 20_000, 70_000))
        if self._random.random() < 0.5:
            return b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        return self._request(f"Host: x\r\nX: {'a' * size}\r\n")

    def _noise(self) -> bytes:
        return self._random.randbytes(self._random.randrange(1, 400))

    def _mutated(self) -> bytes:
        request = bytearray(self._request("Host: x\r\nAccept: */*\r\nConnection: keep-alive\r\n"))
        for _ in range(self._random.randrange(1, 6)):
            request[self._random.randrange(len(request))] = self._random.randrange(256)
        return bytes(request[: self._random.randrange(1, len(request) + 1)])

    def _query(self) -> bytes:
        text = "".join(self._random.choices(string.printable[:-6] + "%&=+;", k=40)).replace(" ", "")
        return f"GET /healthcheck?{text} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    def _slashes(self) -> bytes:
        path = self._pick(("/", "/..", "/./", "/%2f", "/%00", "//")) * self._random.randrange(
            1, 500
        )
        return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


@dataclass
class Outcome:
    statuses: Counter[str] = field(default_factory=Counter)  # "closed": no answer
    bad: list[tuple[str, bytes]] = field(default_factory=list)  # what was wrong, the request


async def fuzz(
    port: int,
    requests: Iterable[bytes],
    canary: Callable[[], None],
    at_once: int = 16,
    hang_seconds: float = 8.0,
) -> Outcome:
    """Sends each request on its own connection, then says that no more will come.

    Bad are: no end within `hang_seconds`, a 500, a reply that is no HTTP, and a traceback.
    `canary` is called after each 500 answers, and raises when the server does not serve any more.
    """
    outcome = Outcome()
    source = iter(requests)
    sent = 0

    async def one(request: bytes) -> None:
        try:
            async with asyncio.timeout(hang_seconds):
                reply = await _send(port, request)
        except TimeoutError:
            outcome.bad.append(("hang", request))
            return
        if not reply:
            outcome.statuses["closed"] += 1
            return
        status = reply[9:12].decode("latin-1")
        outcome.statuses[status] += 1
        if not reply.startswith(b"HTTP/1.") or status == "500" or b"Traceback" in reply:
            outcome.bad.append((f"reply {reply[:80]!r}", request))

    async def worker() -> None:
        nonlocal sent
        for request in source:
            await one(request)
            sent += 1
            if sent % 500 == 0:
                await asyncio.to_thread(canary)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return outcome


async def _send(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reply = b""
    try:
        writer.write(request)
        writer.write_eof()
        while piece := await reader.read(65536):
            reply += piece
    except OSError:
        pass  # a reset is an answer too
    finally:
        writer.close()
    return reply
