"""The connections that wait for their clients: for a request, or for room for a reply."""

import selectors
import time
from typing import Any

from cheroot.connections import ConnectionManager

from .connection import Connection

MOST = 2000  # each costs memory and a file
_ACCEPTED_AT_ONCE = 64
_PAUSE_SECONDS = 0.01


class Waiting(ConnectionManager):
    """Hands a connection to the server's workers when it has sent more, or has made room.

    cheroot's own goes by a clock that may be set: stepped forward it closes what was in use,
    stepped back it closes nothing.
    """

    _selector: Any  # cheroot's stubs leave out what is not public
    _stop_requested: bool
    _from_server_socket: Any

    def put(self, conn: Connection) -> None:
        """For any thread, unlike the rest."""
        event = selectors.EVENT_WRITE if conn.rfile.has_data() else selectors.EVENT_READ
        self._selector.register(conn.socket.fileno(), event, data=conn)

    def _run(self, expiration_interval: float) -> None:
        """Until `stop`. Closes nothing in the midst of a round: its file may be a new one's."""
        looked_at = time.monotonic()
        while not self._stop_requested:
            has_room = True
            for file, conn in self._selector.select(timeout=expiration_interval):
                if conn is self.server:
                    has_room = self._accept()
                else:
                    self._selector.unregister(file)
                    self.server.process_conn(conn)
            if not has_room or len(self._selector) > MOST:
                self._close_some()
            if time.monotonic() - looked_at > expiration_interval:
                looked_at = time.monotonic()
                self._close_late()

    def _accept(self) -> bool:
        """Those that have come. Returns whether there was room; who found none has to wait."""
        try:
            for _ in range(_ACCEPTED_AT_ONCE):
                if (conn := self._from_server_socket(self.server.socket)) is None:
                    break
                self.put(conn)
        except OSError:  # the system gives no file
            time.sleep(_PAUSE_SECONDS)
            return False
        return True

    def _close_some(self) -> None:
        """A tenth, first those that have not sent a request yet, of these the oldest."""
        waiting = self._waiting()
        waiting.sort(key=lambda pair: (pair[1].is_known, pair[1].waits_since))
        for file, conn in waiting[: len(waiting) // 10 + 1]:
            self._selector.unregister(file)
            conn.close()

    def _close_late(self) -> None:
        for file, conn in self._waiting():
            if conn.is_late():
                self._selector.unregister(file)
                if conn.rfile.size():
                    conn.refuse("408 Request Timeout")
                conn.close()

    def _waiting(self) -> list[tuple[int, Connection]]:
        return [(file, conn) for file, conn in self._selector.connections if conn != self.server]
