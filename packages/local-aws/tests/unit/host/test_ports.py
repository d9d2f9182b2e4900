from __future__ import annotations

import socket
from pathlib import Path

from local_aws.host.ports import free_port, is_free


def test_port_can_be_bound_and_is_given_once() -> None:
    given = [free_port() for _ in range(200)]
    assert len(set(given)) == 200
    with socket.create_server(("127.0.0.1", given[0])):
        assert not is_free(given[0])
    assert is_free(given[0])


def test_port_is_none_that_outgoing_connections_use() -> None:
    ranges = Path("/proc/sys/net/ipv4/ip_local_port_range")
    lowest = int(ranges.read_text().split()[0]) if ranges.exists() else 49_152
    assert all(free_port() < lowest for _ in range(50))
