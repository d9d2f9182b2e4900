"""The network of one machine: its own interface, and the world behind it, which the tests play.

A socket stays in the network namespace in which it was made, so the tests' own process can listen
and connect in the world, and on this machine's loopback, at the same time.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_HERE = Path("/proc/thread-self/ns/net")
_NAMESPACES = Path("/run/netns")
_CLONE_NEWNET = 0x40000000  # sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)
_ROUTER = "172.31.255.254"
_CHUNK = 65_536


class InstanceNetwork:
    """Made with Debian's iproute2, by root. `remove` it when no machine runs in it any more."""

    def __init__(self, name: str, address: str, world: tuple[str, ...]) -> None:
        """`address` is the machine's, in 172.31.0.0/16; `world` are those that it can reach."""
        self.address = address
        self._machine, self._world = f"{name}-machine", f"{name}-world"
        self.path = _NAMESPACES / self._machine
        try:
            for namespace in (self._machine, self._world):
                _ip("netns", "add", namespace)
                _ip("-n", namespace, "link", "set", "lo", "up")
            _ip(
                *("-n", self._machine, "link", "add", "eth0", "type", "veth"),
                *("peer", "name", "eth0", "netns", self._world),
            )
            for other in world:
                _ip("-n", self._world, "address", "add", f"{other}/32", "dev", "lo")
            for namespace, own in ((self._world, _ROUTER), (self._machine, address)):
                _ip("-n", namespace, "address", "add", f"{own}/16", "dev", "eth0")
                _ip("-n", namespace, "link", "set", "eth0", "up")
            _ip("-n", self._machine, "route", "add", "default", "via", _ROUTER)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        for namespace in (self._machine, self._world):
            if (_NAMESPACES / namespace).exists():
                _ip("netns", "delete", namespace)

    @contextmanager
    def world(self) -> Iterator[None]:
        """What this thread opens meanwhile is in the world."""
        with _entered(_NAMESPACES / self._world):
            yield

    def occupied(self, port: int) -> socket.socket:
        """Listens on the machine itself, as a program of its own would."""
        with _entered(self.path):
            return socket.create_server(("", port))

    def connection(self, port: int) -> socket.socket:
        """From the world to the machine. Raises OSError."""
        with self.world():
            return socket.create_connection((self.address, port), timeout=5)


class Forwarder:
    """Carries each connection that `listener` gets to what `connect` makes, until it is closed."""

    def __init__(self, listener: socket.socket, connect: Callable[[], socket.socket]) -> None:
        self._listener = listener
        self._connect = connect
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near:
            try:
                far = self._connect()
            except OSError:  # nobody listens there: who called is turned away, too
                return
            with far:
                back = threading.Thread(target=_copy, args=(far, near), daemon=True)
                back.start()
                _copy(near, far)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        source.settimeout(None)
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def _entered(namespace: Path) -> Iterator[None]:
    """This thread alone is in the namespace meanwhile."""
    with _HERE.open("rb") as before, namespace.open("rb") as inside:
        _enter(inside.fileno())
        try:
            yield
        finally:
            _enter(before.fileno())


def _enter(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _ip(*words: str) -> None:
    command = ("ip", *words)
    subprocess.run(command, check=True, capture_output=True, text=True)
