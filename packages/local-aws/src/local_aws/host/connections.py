"""How many TCP connections of this machine lead to an address."""

from __future__ import annotations

import socket
from pathlib import Path

_TABLE = Path("/proc/net/tcp")
_ESTABLISHED = "01"


def established_to(host: str, port: int) -> int | None:
    """Connections to this IPv4 address, counted at the ends that opened them.

    None where this system does not report it: only Linux does.
    """
    if not _TABLE.exists():
        return None
    remote = f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"
    return _TABLE.read_text().count(f" {remote} {_ESTABLISHED} ")
