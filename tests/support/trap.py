"""A server that nobody must talk to: it takes every connection, keeps what came, and closes."""

from __future__ import annotations

import socketserver
import threading
from types import TracebackType


class Trap(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.caught: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Trap:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    server: Trap

    def handle(self) -> None:
        self.request.settimeout(1.0)
        try:
            self.server.caught.append(self.request.recv(4096))
        except TimeoutError:
            self.server.caught.append(b"")
