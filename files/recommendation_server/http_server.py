"""CherryPy's HTTP server (cheroot), made hard to block: a worker never waits for a client."""

import logging
import queue
from collections.abc import Callable

from cheroot.wsgi import Server

from . import config
from .connection import LARGEST_HEAD_BYTES, Connection
from .log import LOGGER
from .waiting import IDLE_SECONDS, Waiting

THREADS = 24


class HttpServer(Server):
    ConnectionClass = Connection
    max_request_header_size = LARGEST_HEAD_BYTES

    def __init__(self, application: Callable[..., list[bytes]]) -> None:
        super().__init__(
            (config.LISTEN_ADDRESS, config.PORT),
            application,
            numthreads=THREADS,
            max=THREADS,
            server_name="recommendation-server",
            request_queue_size=1024,
            timeout=IDLE_SECONDS,
            accepted_queue_size=1000,
            accepted_queue_timeout=0,  # a full queue answers 503 at once
        )

    def prepare(self) -> None:
        super().prepare()
        self._connections.close()
        self._connections: Waiting = Waiting(self)

    @property
    def can_add_keepalive_connection(self) -> bool:
        """Always but when stopping: of too many, `Waiting` closes others."""
        return self.ready

    def process_conn(self, conn: Connection) -> None:
        """It is new, or its client has sent something or made room."""
        if not conn.rfile.has_data():
            conn.receive()
        self._hand_on(conn)

    def put_conn(self, conn: Connection) -> None:
        """A worker has replied."""
        conn.await_next()
        self._hand_on(conn)

    def _hand_on(self, conn: Connection) -> None:
        """To a worker, when neither its request nor the reply will wait for the client."""
        if conn.is_over() or not self.ready:
            conn.close()
        elif not conn.is_ready():
            self._connections.put(conn)
        else:
            try:
                self.requests.put(conn)
            except queue.Full:
                conn.refuse("503 Service Unavailable")

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        LOGGER.log(level, msg, exc_info=traceback)
