"""HTTP exchanges, each over within one deadline: name, connection, TLS, head and body together.

Nothing bounds the resolver, and the timeout of a socket bounds the wait for some bytes, not for all
of a reply. So an exchange runs on a thread of its own, and its caller waits until the deadline.
"""

import contextlib
import functools
import socket
import ssl
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import SimpleQueue
from typing import NamedTuple
from urllib.parse import urlsplit

from urllib3.util import wait_for_read

# The server's threads, and some that hang. Who cannot have one is refused, not queued.
_AT_ONCE = 32
_LARGEST_REPLY_BYTES = 1 << 20  # an item of a table has at most 400 KB


class BusyError(OSError):
    """All threads have an exchange, or hang in one that was given up."""


class EndlessReplyError(HTTPException):
    """The reply is larger than any that AWS gives."""


class Request(NamedTuple):
    method: str
    url: str  # http or https, with a host
    headers: Mapping[str, str]
    body: bytes | None = None


class Reply(NamedTuple):
    status: int
    body: bytes


class Exchanges:
    """Exchanges that share connections with each other, and with no one else."""

    def __init__(self, connect_seconds: float, read_seconds: float) -> None:
        """`connect_seconds` bounds a connection to each address, their sum all of an exchange."""
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._places = threading.Semaphore(_AT_ONCE)
        self._idle: list[_Line] = []  # append and pop are atomic

    def exchange(self, request: Request) -> Reply:
        """Raises OSError or HTTPException, within the seconds of both bounds."""
        line = self._line()
        outcome = line.begin(request)
        try:
            return outcome.result(self._connect_seconds + self._read_seconds)
        finally:
            if outcome.done():
                self._idle.append(line)
            else:
                line.give_up()

    def _line(self) -> "_Line":
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        if not self._places.acquire(blocking=False):
            raise BusyError("all threads hang")
        line = _Line(self._connect_seconds, self._read_seconds, self._places)
        try:
            line.start()
        except RuntimeError as error:  # the system gives no thread
            self._places.release()
            raise BusyError(str(error)) from error
        return line


class _Line(threading.Thread):
    """A thread and its connection, which it keeps for the next exchange."""

    def __init__(
        self, connect_seconds: float, read_seconds: float, places: threading.Semaphore
    ) -> None:
        super().__init__(name="exchange", daemon=True)  # a hanging one must not outlive the server
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._places = places
        self._begun: SimpleQueue[tuple[Request, Future[Reply]] | None] = SimpleQueue()
        self._given_up = False
        self._origin = ("", "")
        self._connection: HTTPConnection | None = None
        # http.client forgets that of a reply which ends with the connection.
        self._socket: socket.socket | None = None

    def begin(self, request: Request) -> Future[Reply]:
        outcome: Future[Reply] = Future()
        self._begun.put((request, outcome))
        return outcome

    def give_up(self) -> None:
        """The thread ends, at once unless it waits for the resolver: then once that answers."""
        self._given_up = True
        self._begun.put(None)
        connected = self._socket  # looked at once: the thread forgets it when the exchange ends
        if connected:
            with contextlib.suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        try:
            while begun := self._begun.get():
                request, outcome = begun
                try:
                    outcome.set_result(self._exchange(request))
                except Exception as error:  # noqa: BLE001 - raised where it is waited for
                    self._disconnect()
                    outcome.set_exception(error)
        finally:
            self._disconnect()
            self._places.release()

    def _exchange(self, request: Request) -> Reply:
        scheme, host, path, query, _ = urlsplit(request.url)
        connection = self._connected(scheme, host)
        target = (path or "/") + (query and f"?{query}")
        connection.request(request.method, target, request.body, dict(request.headers))
        response = connection.getresponse()
        body = response.read(_LARGEST_REPLY_BYTES)
        if response.read(1):
            raise EndlessReplyError("a reply of more than a megabyte")
        return Reply(response.status, body)

    def _connected(self, scheme: str, host: str) -> HTTPConnection:
        if self._connection and self._origin == (scheme, host) and self._is_quiet():
            return self._connection
        self._disconnect()
        if scheme == "https":
            connection: HTTPConnection = HTTPSConnection(
                host, timeout=self._connect_seconds, context=_trust()
            )
        else:
            connection = HTTPConnection(host, timeout=self._connect_seconds)
        connection.connect()
        self._connection, self._origin, self._socket = connection, (scheme, host), connection.sock
        if self._given_up:  # while the resolver was silent; give_up saw no socket
            raise TimeoutError("given up")
        connection.sock.settimeout(self._read_seconds)
        return connection

    def _is_quiet(self) -> bool:
        """Whether the connection is open, and has nothing to read: neither its end nor a reply."""
        return (
            self._connection is not None
            and self._connection.sock is not None
            and not wait_for_read(self._connection.sock, timeout=0.0)
        )

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = self._socket = None


@functools.cache
def _trust() -> ssl.SSLContext:
    """Reading the system's certificates takes longer than an exchange."""
    return ssl.create_default_context()
