from __future__ import annotations

import socket
from pathlib import Path

import pytest

from local_aws.host import ports
from local_aws.host.ports import free_port, give_back, is_free


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """There are only these ports, and none of them is in use."""
    there = [free_port() for _ in range(4)]
    for port in there:
        give_back(port)
    monkeypatch.setattr(ports, "_CANDIDATES", there)
    monkeypatch.setattr(ports, "_in_use", set())
    monkeypatch.setattr(ports, "_given_back", {})
    return there


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


def test_a_port_is_given_again_only_after_all_that_nobody_had(few: list[int]) -> None:
    for _ in few[1:]:
        give_back(free_port())
    [last] = set(few) - ports._given_back.keys()
    assert free_port() == last


def test_the_port_that_was_given_back_first_is_given_again_first(few: list[int]) -> None:
    taken = [free_port() for _ in few]
    assert set(taken) == set(few)
    with pytest.raises(OSError, match="no loopback port is free"):
        free_port()
    for port in (taken[2], taken[0], taken[3]):
        give_back(port)
    assert [free_port() for _ in range(3)] == [taken[2], taken[0], taken[3]]


def test_a_port_on_which_somebody_listens_yet_is_passed_over(few: list[int]) -> None:
    taken = [free_port() for _ in few]
    with socket.create_server(("127.0.0.1", taken[0])):
        give_back(taken[0])
        give_back(taken[1])
        assert free_port() == taken[1]
    assert free_port() == taken[0]


def test_a_port_is_given_back_once(few: list[int]) -> None:
    port = free_port()
    give_back(port)
    assert free_port(port) == port
    give_back(port)
    give_back(port)
    assert [each for each in ports._given_back if each == port] == [port]
    assert len({free_port() for _ in few}) == len(few)
