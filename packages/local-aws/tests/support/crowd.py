"""Connections that say nothing, or never come to an end."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator

_HALF_A_HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
_HALF_A_BODY = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf"


@contextlib.contextmanager
def crowd(port: int, silent: int = 200, half_sent: int = 200) -> Iterator[None]:
    """Connected meanwhile: silent ones, half sent heads and bodies that grow by a byte a second."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(silent)]
    drips = [socket.create_connection(("127.0.0.1", port)) for _ in range(half_sent)]
    over = threading.Event()

    def drip() -> None:
        while not over.wait(1):
            for connection in drips:
                with contextlib.suppress(OSError):
                    connection.send(b"x")

    for number, connection in enumerate(drips):
        connection.sendall(_HALF_A_HEAD if number % 2 else _HALF_A_BODY)
    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield
    finally:
        over.set()
        dripping.join()
        for connection in connections + drips:
            connection.close()


def answer(port: int, request: bytes, seconds: float = 10) -> bytes:
    """What comes back on a connection of its own until the server closes it or says no more."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(request)
        received = b""
        with selectors.DefaultSelector() as readable:
            readable.register(connection, selectors.EVENT_READ)
            while readable.select(seconds if not received else 0.2):
                try:
                    more = connection.recv(65_536)
                except ConnectionResetError:
                    break
                if not more:
                    break
                received += more
    return received
