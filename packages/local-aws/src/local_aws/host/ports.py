"""Free loopback ports for everything that the local AWS starts, given back when that is gone."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator

# Below the ephemeral ranges of Linux (from 32768) and macOS (from 49152): the kernel never gives
# such a port to an outgoing connection, so a port stays free while its instance reboots.
_CANDIDATES = range(15_000, 32_000)
_ATTEMPTS = 200
"""How often a port is guessed that nobody had, before others are looked through."""

_in_use: set[int] = set()
_given_back: dict[int, None] = {}
"""In the order in which they were given back."""
_guard = threading.Lock()


def free_port(preferred: int | None = None) -> int:
    """Return a loopback port that can be bound now and that nobody else was given and still has.

    It is the preferred one when that is such a port, or else one that nobody had, and at last the
    one that was given back first: who still knows it connects to nothing as long as possible.
    Raises OSError when no candidate can be bound.
    """
    with _guard:
        for port in _in_order(preferred):
            if is_free(port):
                _given_back.pop(port, None)
                _in_use.add(port)
                return port
    raise OSError(f"no loopback port is free within {_CANDIDATES}")


def give_back(port: int) -> None:
    """Let a port be used again; one that is not in use stays what it is.

    Whoever listened on it may do so for a moment yet: a port is given only once it can be bound.
    """
    with _guard:
        if port in _in_use:
            _in_use.remove(port)
            _given_back[port] = None


def _in_order(preferred: int | None) -> Iterator[int]:
    if preferred is not None and preferred not in _in_use:
        yield preferred
    for _ in range(_ATTEMPTS):
        port = random.choice(_CANDIDATES)  # noqa: S311 - a port, not a secret
        if port not in _in_use and port not in _given_back:
            yield port
    yield from list(_given_back)
    yield from (port for port in _CANDIDATES if port not in _in_use)


def is_free(port: int) -> bool:
    """True when nothing listens on the loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this too; without it a connection in TIME_WAIT would count as a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
