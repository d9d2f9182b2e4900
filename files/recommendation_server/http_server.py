"""CherryPy's HTTP server (cheroot), made hard to block."""

import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Any

from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.wsgi import Server

from . import config
from .log import LOGGER

THREADS = 24
_REQUEST_READ_SECONDS = 5
# Longer than a load balancer keeps an idle connection (ALB: 60 s). The side that sends the requests
# must be the one that closes, or a request can meet a connection that is just going away.
_KEEP_ALIVE_SECONDS = 75


class _Request(HTTPRequest):
    def read_request_headers(self) -> bool:
        try:
            readable = super().read_request_headers()  # type: ignore[no-untyped-call]
        except UnboundLocalError:  # cheroot 11.1.2, when the first header line begins with a blank
            self.simple_response("400 Bad Request", "Illegal header line.")
            return False
        if self.chunked_read or self.inheaders.get(b"Content-Length", b"0") != b"0":
            # No reply depends on a body. Unread, it must not be taken for the next request.
            self.close_connection = True
        return bool(readable)


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server: Server, sock: socket.socket, *arguments: Any) -> None:
        sock.settimeout(_REQUEST_READ_SECONDS)
        super().__init__(server, sock, *arguments)

    def close(self) -> None:
        # Closing with unread bytes resets the connection, and the client may lose the reply.
        with contextlib.suppress(OSError):
            self.socket.setblocking(False)
            self.socket.recv(1 << 20)
        super().close()


class HttpServer(Server):
    ConnectionClass = _Connection
    max_request_header_size = 64 * 1024
    keep_alive_conn_limit = 2000

    def __init__(self, application: Callable[..., list[bytes]]) -> None:
        super().__init__(
            (config.LISTEN_ADDRESS, config.PORT),
            application,
            numthreads=THREADS,
            max=THREADS,
            server_name="recommendation-server",
            request_queue_size=1024,
            timeout=_KEEP_ALIVE_SECONDS,
            accepted_queue_size=1000,
            accepted_queue_timeout=0,  # a full queue answers 503 at once
        )

    def process_conn(self, conn: HTTPConnection) -> None:
        if conn.last_used is None:
            # New: it waits until its client sends something. An idle one must not hold a thread.
            self.put_conn(conn)
        else:
            super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        LOGGER.log(level, msg, exc_info=traceback)
