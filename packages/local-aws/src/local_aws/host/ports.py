"""Free loopback ports for everything that the local AWS starts."""

from __future__ import annotations

import random
import socket
import threading

# Below the ephemeral ranges of Linux (from 32768) and macOS (from 49152): the kernel never gives
# such a port to an outgoing connection, so a port stays free while its instance reboots.
_CANDIDATES = range(15_000, 32_000)
_ATTEMPTS = 200

_handed_out: set[int] = set()
_guard = threading.Lock()


def free_port(preferred: int | None = None) -> int:
    """Return a loopback port that can be bound now and that this process was not given before.

    It is the preferred one when that is such a port. Raises OSError when no candidate can be bound.
    """
    with _guard:
        for attempt in range(_ATTEMPTS):
            port = random.choice(_CANDIDATES)  # noqa: S311 - a port, not a secret
            if preferred is not None and attempt == 0:
                port = preferred
            if port not in _handed_out and is_free(port):
                _handed_out.add(port)
                return port
    raise OSError(f"no free loopback port found in {_ATTEMPTS} attempts within {_CANDIDATES}")


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
