"""CherryPy's HTTP server (cheroot), made hard to block: no worker waits for a client."""

import logging
from collections.abc import Callable
from typing import Any

from cheroot.wsgi import Server

from . import config
from .backlog import Backlog
from .connection import IDLE_SECONDS, LARGEST_HEAD_BYTES, Connection
from .log import LOGGER
from .waiting import Waiting

THREADS = 24


class HttpServer(Server):
    ConnectionClass = Connection
    _unservicable_conns: Any  # cheroot's stubs leave out what is not public
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
        )
        self._backlog = Backlog()
        self.requests._queue, self.requests.get = self._backlog, self._backlog.get

    def prepare(self) -> None:
        super().prepare()
        self._connections.close()
        self._connections: Waiting = Waiting(self)
        self.socket.setblocking(False)  # one look for new connections takes all that have come

    @property
    def can_add_keepalive_connection(self) -> bool:
        """Always but when stopping: of too many, `Waiting` closes others."""
        return self.ready

    def process_conn(self, conn: Connection) -> None:
        """To the workers, or to who refuses it at once. Only the thread of `Waiting` does this."""
        conn.is_check = self._backlog.is_long() and conn.brings_check()
        if self._backlog.has_place(conn):
            self._backlog.put(conn)
        else:
            self._unservicable_conns.put(conn)

    def _serve_unservicable(self) -> None:
        """503 for those that have no place, until cheroot puts in what is none.

        cheroot's own leaves their files open, and ends with the first error that it does not know.
        """
        while isinstance(conn := self._unservicable_conns.get(), Connection):
            conn.refuse("503 Service Unavailable")
            conn.close()

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        LOGGER.log(level, msg, exc_info=traceback)
