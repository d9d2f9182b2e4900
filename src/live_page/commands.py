"""The playbooks that the page's buttons start: the very commands that a person types.

One at a time; only stop.yml runs beside another one. What they show goes to a file, so that a
playbook goes on when the page ends.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from evidence.report.printable import printable
from live_page.configuration import PageConfig

_MOST_BYTES = 200_000
"""So much of the output is shown, from its end."""
RESTORE, STOP = "restore", "stop"


class RefusedError(Exception):
    """Why a playbook is not started now, in one line."""


def words(button: str, scenarios: Collection[str]) -> list[str] | None:
    """What follows `ansible-playbook` for a button; None for one that there is not."""
    if button == RESTORE:
        return ["recover.yml"]
    if button == STOP:
        return ["stop.yml"]
    return ["scenario.yml", "--tags", button] if button in scenarios else None


class Commands:
    def __init__(self, config: PageConfig, scenarios: Sequence[str]) -> None:
        self._config = config
        self._scenarios = scenarios
        self._lock = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._last: dict[str, Any] = {}
        # A thread whose priority nobody has lowered; it is there from now on (priority.py).
        self._starter = ThreadPoolExecutor(1)
        self._starter.submit(int).result()

    def shown(self, *, is_busy: bool) -> dict[str, Any]:
        """What can be pressed, what runs, and how the last one ended."""
        with self._lock:
            self._take_ends()
            running = sorted(self._running)
            playing = is_busy or self._plays()
            return {
                "running": running,
                "is_playing": playing,
                "can_stop": playing and STOP not in running,
                "last": dict(self._last),
                "output_bytes": self._size(),
            }

    def start(self, button: str, *, is_busy: bool) -> None:
        """Start the playbook of a button. Raises RefusedError, or LookupError for no button."""
        typed = words(button, self._scenarios)
        if typed is None:
            raise LookupError(button)
        with self._lock:
            self._take_ends()
            playing = is_busy or self._plays()
            if button == STOP and (not playing or STOP in self._running):
                raise RefusedError("No scenario is being played, or it is being stopped already.")
            if button != STOP and playing:
                raise RefusedError("A playbook is at work on this stack; wait for it, or stop it.")
            started = self._starter.submit(self._launch, typed, is_beside=button == STOP)
            self._running[button] = started.result()
            self._last = {}

    def output(self) -> str:
        """What the latest playbook has shown so far."""
        try:
            with self._config.output.open("rb") as file:
                file.seek(max(0, self._size() - _MOST_BYTES))
                return printable_lines(file.read().decode("utf-8", "replace"))
        except FileNotFoundError:
            return ""

    def _launch(self, typed: Sequence[str], *, is_beside: bool) -> subprocess.Popen[bytes]:
        """In a session of its own: it restores what it breaks, also when the page has ended."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (0 if is_beside else os.O_TRUNC)
        descriptor = os.open(self._config.output, flags, 0o600)
        try:
            os.write(descriptor, f"$ ansible-playbook {' '.join(typed)}\n".encode())
            return subprocess.Popen(
                [*self._config.command, *typed],
                cwd=self._config.checkout,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
                start_new_session=True,
            )
        finally:
            os.close(descriptor)

    def _plays(self) -> bool:
        """Whether a button's playbook is at work that can be stopped."""
        return any(button != STOP for button in self._running)

    def _take_ends(self) -> None:
        for button, process in list(self._running.items()):
            status = process.poll()
            if status is not None:
                del self._running[button]
                self._last = {"button": button, "status": status}

    def _size(self) -> int:
        try:
            return self._config.output.stat().st_size
        except FileNotFoundError:
            return 0


def printable_lines(text: str) -> str:
    """The text without what would steer a terminal, its lines kept."""
    return "\n".join(printable(line) for line in text.split("\n"))
