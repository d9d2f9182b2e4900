"""A command typed in a terminal of its own: what it shows, Ctrl-C, and every process of it."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

from process_tree import all_processes_below

from evidence.record.processes import ProcessIdentity

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
PLAIN = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_STDOUT_CALLBACK": "default"}
"""Ansible's own output, which names each task: it shows when one begins."""
_READ_SECONDS = 0.05


def in_one_line(shown: str) -> str:
    """What Ansible shows, without the line breaks and the doubled quotes of its YAML."""
    return " ".join(shown.replace("''", "'").split())


class Terminal:
    """A command of this virtual environment, run in this checkout, unless others are named."""

    def __init__(
        self,
        *command: str,
        environment: Mapping[str, str],
        checkout: Path = ROOT,
        commands: Path = BIN,
        columns: int = 0,
    ) -> None:
        """Without `columns` it has no size, as a pipe has none."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self.screen, keyboard = os.openpty()
        fcntl.ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            [str(commands / command[0]), *command[1:]],
            cwd=checkout,
            env={**clean, **PLAIN, **environment},
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            start_new_session=True,
            preexec_fn=_be_in_foreground,
        )
        os.close(keyboard)
        self.shown = ""
        self._read_to = 0
        # Until we wait for it, its pid is its own, even when it has ended at once.
        self.identity = ProcessIdentity.of(self.process.pid) or ProcessIdentity(
            self.process.pid, "ended"
        )

    def until(self, sign: str, seconds: float) -> None:
        """Read until the sign is shown, after the one that was read until before."""
        deadline = time.monotonic() + seconds
        while (found := self.shown.find(sign, self._read_to)) < 0:
            assert time.monotonic() < deadline, f"no {sign!r} within {seconds} s:\n{self.shown}"
            assert self._read(), f"ended without {sign!r}:\n{self.shown}"
        self._read_to = found + len(sign)

    def read_for(self, seconds: float) -> None:
        """Read what is shown in this time, or until it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._read():
            pass

    def ctrl_c(self) -> None:
        """The key: the kernel sends SIGINT to every process in the foreground."""
        os.write(self.screen, termios.tcgetattr(self.screen)[6][termios.VINTR])

    def hang_up(self) -> None:
        """Close the window: the kernel sends SIGHUP, and nobody can write there any more."""
        os.close(self.screen)
        self.screen = os.open(os.devnull, os.O_RDONLY)

    def ended(self, seconds: float) -> int:
        """Read to the end; returns the status."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"still running after {seconds} s:\n{self.shown}"
        return self.process.wait(max(0.1, deadline - time.monotonic()))

    def processes(self) -> set[ProcessIdentity]:
        """The command and all that is running below it."""
        pids = {self.process.pid}
        if self.process.poll() is None:
            pids |= all_processes_below(self.process.pid)
        return {identity for pid in pids if (identity := ProcessIdentity.of(pid))}

    def close(self) -> None:
        """End it, however it is."""
        for identity in self.processes():
            kill(identity)
        self.process.wait(10)
        os.close(self.screen)

    def _read(self) -> bool:
        """Take what is there; False once everyone has left the terminal, or the command ended."""
        readable, _, _ = select.select([self.screen], [], [], _READ_SECONDS)
        if not readable:
            return self.process.poll() is None
        try:
            self.shown += os.read(self.screen, 65536).decode(errors="replace")
        except OSError:  # Linux's way to say that nobody is left
            return False
        return True


def kill(identity: ProcessIdentity) -> None:
    """SIGKILL, to exactly that process."""
    if identity.is_running():
        os.kill(identity.pid, signal.SIGKILL)


def _be_in_foreground() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A shell may have let the tests ignore Ctrl-C, as it does for what runs in background.
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
