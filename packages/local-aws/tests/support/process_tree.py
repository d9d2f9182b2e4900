"""What a process has started, and where a process listens. Linux only: it reads /proc."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

_LISTENING = "0A"


def all_processes_below(pid: int) -> set[int]:
    children = set()
    with suppress(FileNotFoundError, ProcessLookupError):  # the process has ended meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # or only this thread
                children |= {int(child) for child in (task / "children").read_text().split()}
    return children | {below for child in children for below in all_processes_below(child)}


def socket_inodes(pid: int) -> set[str]:
    links = (str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.exists())
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def listening_on(pid: int) -> set[tuple[str, int]]:
    """(address, port) of every listening TCP and every bound UDP socket of a process."""
    inodes = socket_inodes(pid)
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] not in inodes or (table.startswith("tcp") and fields[3] != _LISTENING):
                continue
            address, port = fields[1].split(":")
            raw = bytes.fromhex(address)
            words = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
            family = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
            found.add((socket.inet_ntop(family, words), int(port, 16)))
    return found
