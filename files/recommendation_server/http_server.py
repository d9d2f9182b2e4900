"""CherryPy's HTTP server (cheroot), made hard to block."""

from __future__ import annotations

import contextlib
import logging
import socket
from typing import Any

from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.wsgi import Server

from recommendation_server.log import LOGGER, event

THREADS = 24
# Longer than a load balancer keeps an idle connection (ALB: 60 s): the end that sends requests must
# be the one that closes, or a request can meet a connection that is just going away.
KEEP_ALIVE_SECONDS = 75
REQUEST_READ_SECONDS = 5
_DRAIN_READS = 16


class _Request(HTTPRequest):
    def read_request_headers(self) -> bool:
        try:
            ready = super().read_request_headers()
        except UnboundLocalError:
            # cheroot 11.1.2 fails on a first header line that begins with a blank.
            self.simple_response("400 Bad Request", "Illegal header line.")
            return False
        if self.inheaders.get(b"Content-Length", b"0") != b"0" or self.chunked_read:
            # No reply here depends on a body. Unread, it must not be taken for the next request.
            self.close_connection = True
        return bool(ready)


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server: Server, sock: socket.socket, *arguments: Any) -> None:
        sock.settimeout(REQUEST_READ_SECONDS)
        super().__init__(server, sock, *arguments)

    def close(self) -> None:
        # Closing with unread bytes resets the connection, and the client may lose the reply.
        with contextlib.suppress(OSError):
            self.socket.setblocking(False)
            for _ in range(_DRAIN_READS):
                if not self.socket.recv(65536):
                    break
        super().close()


class HttpServer(Server):
    ConnectionClass = _Connection
    max_request_header_size = 64 * 1024
    keep_alive_conn_limit = 2000

    def __init__(self, address: tuple[str, int], application: Any, shutdown_seconds: float) -> None:
        super().__init__(
            address,
            application,
            numthreads=THREADS,
            max=THREADS,
            server_name="recommendation-server",
            request_queue_size=1024,
            timeout=KEEP_ALIVE_SECONDS,
            shutdown_timeout=shutdown_seconds,
            accepted_queue_size=1000,
            accepted_queue_timeout=0,  # a full queue answers 503 at once
        )

    def process_conn(self, conn: HTTPConnection) -> None:
        # A new connection waits in the selector until its client has sent something: an idle one
        # must not hold a thread.
        if conn.last_used is None:
            self.put_conn(conn)
        else:
            super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        if traceback:
            LOGGER.log(level, "http server", exc_info=True, extra={"facts": {"detail": msg}})
        else:
            event("http server", level, detail=msg)
