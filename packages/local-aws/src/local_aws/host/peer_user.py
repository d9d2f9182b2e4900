"""Which user of this machine is at the other end of a loopback connection.

Loopback ports are open to every user. Linux reports who owns a socket; elsewhere it is not known,
and `is_welcome` lets everyone pass.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from pathlib import Path

_IS_KNOWN_HERE = sys.platform == "linux"

_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_REQUEST = 1
_ERROR = 2
_ANY = 0xFFFF_FFFF
_HEADER = struct.Struct("=IHHII")
_QUERY = struct.Struct("=BBBBI HH 16s 16s I II")
_OWNER_AT = _HEADER.size + 4 + 48 + 12
"""Where inet_diag_msg has uid and inode: after the state, the addresses, and three counters."""

_Address = tuple[str, int]


def is_welcome(uid: int | None) -> bool:
    """Whether it is the user who runs this program, or root. Nobody is, when it is not known."""
    return not _IS_KNOWN_HERE or uid in (0, os.getuid())


def uid_at(peer: _Address, own: _Address) -> int | None:
    """The user whose socket at `peer` is connected to this process's at `own`, both IPv4.

    None when it is closed by now, or when this system does not report it.
    """
    if not _IS_KNOWN_HERE:
        return None
    owner = ask_kernel(peer, own)
    # The kernel knows no such socket, or has no socket diagnostics: then it finds our end neither.
    if owner is None and ask_kernel(own, peer) is None:
        owner = look_up(peer, own)
    uid, inode = owner or (0, 0)
    return uid if inode else None  # a socket that nobody holds any more has no inode, and uid 0


def ask_kernel(at: _Address, connected_to: _Address) -> tuple[int, int] | None:
    """sock_diag(7): uid and inode of one socket, as quick with thousands of others."""
    query = _QUERY.pack(
        socket.AF_INET,
        socket.IPPROTO_TCP,
        0,
        0,
        _ANY,  # in whatever state
        socket.htons(at[1]),
        socket.htons(connected_to[1]),
        socket.inet_aton(at[0]),
        socket.inet_aton(connected_to[0]),
        0,  # on whatever interface
        _ANY,
        _ANY,
    )
    header = _HEADER.pack(_HEADER.size + len(query), _SOCK_DIAG_BY_FAMILY, _REQUEST, 1, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG) as kernel:
            kernel.settimeout(1)
            kernel.send(header + query)
            answer = kernel.recv(4096)
    except OSError:
        return None
    if _HEADER.unpack_from(answer)[1] == _ERROR:
        return None
    uid, inode = struct.unpack_from("=II", answer, _OWNER_AT)
    return uid, inode


def look_up(at: _Address, connected_to: _Address) -> tuple[int, int] | None:
    """proc(5): uid and inode of one socket, from the table of all."""
    for table, prefix in (("tcp", ""), ("tcp6", "0000000000000000FFFF0000")):
        wanted = " ".join(
            f"{prefix}{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"
            for host, port in (at, connected_to)
        )
        _, found, row = Path("/proc/net", table).read_text().partition(f" {wanted} ")
        if found:
            columns = row.split(maxsplit=7)
            return int(columns[4]), int(columns[6])
    return None
