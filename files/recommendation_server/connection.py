"""A client's connection, for which no worker waits.

A worker takes what has come of a request. It replies when the head is whole and the client has room
for a reply; else it lets the connection wait with the others. With cheroot alone it would wait for
each byte, so that a few clients that send slowly, or do not read, hold all workers.
"""

import contextlib
import io
import os
import re
import select
import socket
import time
from typing import Any

from cheroot.server import HTTPConnection, HTTPRequest

LARGEST_HEAD_BYTES = 64 * 1024
# From a request's first byte to the end of its head, and to room for the reply.
HEAD_SECONDS = 5
# Longer than a load balancer keeps an idle connection (ALB: 60 s). The side that sends the requests
# must be the one that closes, or a request can meet a connection that is just going away.
IDLE_SECONDS = 75
# A reply goes to the kernel at once where there is room, which was made sure of before.
_REPLY_SECONDS = 1
# uri-host [":" port]; empty where the target has no authority.
_HOST = re.compile(rb"(\[[\w.:~!$&'()*+,;=-]+]|([\w.~!$&'()*+,;=-]|%[\dA-Fa-f]{2})*)(:\d*)?")
_CHECK = re.compile(rb"(GET|HEAD) /healthcheck[? ]")


class _Headers(dict[bytes, bytes]):
    """Raises ValueError, for cheroot to reply 400, where it is not clear what is meant.

    Where a body ends: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
    For which host it is: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    """

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if name == b"Content-Length" and not (value.isdigit() and self.get(name, value) == value):
            raise ValueError("Malformed Content-Length Header.")
        if name == b"Host" and (name in self or not _HOST.fullmatch(value)):
            raise ValueError("Malformed Host Header.")
        super().__setitem__(name, value)


class _Request(HTTPRequest):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.inheaders = _Headers()

    def read_request_headers(self) -> bool:
        try:
            readable = super().read_request_headers()  # type: ignore[no-untyped-call]
        except UnboundLocalError:  # cheroot 11.1.2, when the first header line begins with a blank
            self.simple_response("400 Bad Request", "Illegal header line.")
            return False
        if readable and self.response_protocol == "HTTP/1.1" and b"Host" not in self.inheaders:
            self.simple_response("400 Bad Request", "HTTP/1.1 requires a Host header.")
            return False
        if (
            b"Transfer-Encoding" in self.inheaders
            or int(self.inheaders.get(b"Content-Length", b"0")) > 0
        ):
            # No reply depends on a body. Unread, it must not be taken for the next request.
            self.close_connection = True
        return bool(readable)

    def respond(self) -> None:
        super().respond()
        self.conn.wfile.flush()

    def simple_response(self, status: str, msg: str = "") -> None:
        super().simple_response(status, msg)
        with contextlib.suppress(OSError):
            self.conn.wfile.flush()


class _Inbox(io.BytesIO):
    """What a client has sent and no worker has read yet."""

    has_ended = False

    def take(self, piece: bytes) -> None:
        """`piece` is what came next; empty when nothing will."""
        unread = self.read()
        self.seek(0)
        self.truncate()
        self.write(unread + piece)
        self.seek(0)
        self.has_ended = not piece

    def has_data(self) -> bool:
        """Whether cheroot can read a request to its end, or to where it is refused.

        A head ends with an empty line; cheroot refuses lines that end with a line feed alone.
        """
        content, begin = self.getvalue(), self.tell()
        return (
            self.has_ended
            or content.find(b"\n\r\n", begin) >= 0
            or content.find(b"\n\n", begin) >= 0
            or self.size() > LARGEST_HEAD_BYTES
        )

    def begins(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether what is unread does."""
        return pattern.match(self.getvalue(), self.tell()) is not None

    def size(self) -> int:
        return len(self.getvalue()) - self.tell()


class _Outbox:
    """Collects a reply, and sends it in one piece."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._unsent = b""

    def write(self, content: bytes) -> int:
        self._unsent += content
        return len(content)

    def flush(self) -> None:
        """Raises OSError when the client has gone, or takes no more."""
        content, self._unsent = self._unsent, b""
        self._socket.sendall(content)


def _file(sock: socket.socket, mode: str, _: int) -> _Inbox | _Outbox:
    return _Inbox() if mode == "rb" else _Outbox(sock)


class Connection(HTTPConnection):
    RequestHandlerClass = _Request
    waits_since: float  # of time.monotonic(): when it came, was replied to, or began a request
    is_known = False  # whether a request of it was replied to
    is_check = False  # whether it waits for a worker with a health check, rather than a user

    def __init__(self, server: Any, sock: socket.socket, *_: object) -> None:
        sock.settimeout(_REPLY_SECONDS)
        super().__init__(server, sock, _file)
        self._room = select.poll()
        self._room.register(sock, select.POLLOUT)
        self.waits_since = time.monotonic()

    def communicate(self) -> bool:
        """One request and its reply, if it does not have to wait. Returns whether to go on."""
        if not self.rfile.has_data():
            self.receive()
        if self.is_over():
            return False
        if not self.is_ready():
            if late := self.is_late():
                self.refuse("408 Request Timeout")
            return not late
        goes_on: bool = super().communicate()  # type: ignore[no-untyped-call]
        self.is_known = True
        self.waits_since = time.monotonic()
        return goes_on

    def is_ready(self) -> bool:
        """Whether a request can be read, and replied to, without a wait for the client."""
        return self.rfile.has_data() and bool(self._room.poll(0))

    def brings_check(self) -> bool:
        """Whether what has come, and was not replied to yet, is a health check."""
        if not self.rfile.has_data():
            self.receive()
        return bool(self.rfile.begins(_CHECK))

    def is_over(self) -> bool:
        """Whether its client has gone, and no request of it is left."""
        return self.rfile.has_ended and not self.rfile.size()

    def is_late(self) -> bool:
        """Whether what is not ready has had its time."""
        bound = HEAD_SECONDS if self.rfile.size() else IDLE_SECONDS
        return time.monotonic() - self.waits_since > bound

    def receive(self) -> None:
        """Takes what has come, without a wait."""
        begins = not self.rfile.size()
        try:
            # The kernel's socket never blocks; Python's would wait for the time that it was given.
            piece = os.read(self.socket.fileno(), LARGEST_HEAD_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        self.rfile.take(piece)
        if begins:
            self.waits_since = time.monotonic()

    def refuse(self, status: str) -> None:
        """Sends `status`, where there is room for it; to be closed next."""
        with contextlib.suppress(OSError):
            self.socket.setblocking(False)
            self.socket.send(
                f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )

    def close(self) -> None:
        # Closing with unread bytes resets the connection, and the client may lose the reply.
        with contextlib.suppress(OSError):
            self.socket.setblocking(False)
            self.socket.recv(1 << 20)
        super().close()
