"""Who is at the other end of a loopback connection."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from other_user import NOBODY, needs_root, run_as_nobody

from local_aws.host import peer_user

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports it")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        yield listening


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_kernel_and_its_table_agree(listening: socket.socket, family: int) -> None:
    own = listening.getsockname()
    with socket.socket(family) as client:
        client.connect(("127.0.0.1" if family == socket.AF_INET else "::ffff:127.0.0.1", own[1]))
        accepted, peer = listening.accept()
        with accepted:
            assert peer_user.uid_at(peer, own) == os.getuid()
            assert peer_user.look_up(peer, own) == peer_user.ask_kernel(peer, own)


def test_a_closed_connection_is_nobodys(listening: socket.socket) -> None:
    """The kernel reports user 0 for a socket that no process holds any more."""
    own = listening.getsockname()
    with socket.create_connection(own) as client:
        accepted, peer = listening.accept()
    with accepted:
        assert client.fileno() == -1
        assert peer_user.uid_at(peer, own) is None


@needs_root
def test_another_user_is_not_welcome(listening: socket.socket) -> None:
    seen: list[int | None] = []

    def look() -> None:
        accepted, peer = listening.accept()
        with accepted:
            seen.append(peer_user.uid_at(peer, listening.getsockname()))
            accepted.sendall(b"x")

    looking = threading.Thread(target=look)
    looking.start()
    code = "socket.create_connection(('127.0.0.1', int(sys.argv[1]))).recv(1)"
    run_as_nobody(code, str(listening.getsockname()[1]))
    looking.join()
    assert seen == [NOBODY]
    assert not peer_user.is_welcome(NOBODY)
    assert not peer_user.is_welcome(None)
    assert peer_user.is_welcome(0)


def test_it_is_as_quick_among_thousands_of_connections(listening: socket.socket) -> None:
    own = listening.getsockname()
    pairs = []
    try:
        for _ in range(1000):
            client = socket.create_connection(own)
            pairs.append((client, *listening.accept()))
        client, _, peer = pairs[0]
        begun_at = time.perf_counter()
        for _ in range(100):
            peer_user.uid_at(peer, own)
        assert (time.perf_counter() - begun_at) / 100 < 0.005
    finally:
        for client, accepted, _ in pairs:
            client.close()
            accepted.close()
