# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: interruption
type: aggregate
short_description: End a playbook in order, whatever interrupts it
description:
  - Ansible ends in order on Ctrl-C alone. SIGTERM and a terminal that is closed kill it - locks
    stay, nothing says what to do, and after a closed terminal the current task goes on. Here they
    do what Ctrl-C does.
  - A signal that comes while a task is started is handled right after it. Python loses what a
    signal's handler raises while it forks, and nobody knows the task's process yet.
  - What keeps a playbook from ending is interrupted again, and a task that does not end is killed.
author:
  - The contributors of this project
"""

import atexit
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

from ansible.plugins.callback import CallbackBase

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STDIN = 0
MOMENT_SECONDS = 0.05
"""After an interruption it is looked so often whether another one is due."""
AGAIN_SECONDS = 5.0
"""What Ansible may take to end, and waits for its tasks."""
TASK_SECONDS = 2.0
"""What a task's process may then still take."""


class Interruption:
    """Handles the signals of this process: ends the tasks, and raises KeyboardInterrupt.

    Everything happens in the main thread, where Python runs handlers.
    """

    def __init__(self) -> None:
        self._process = os.getpid()
        self._terminals = {number for number in range(3) if os.isatty(number)}
        self._interrupted_at: float | None = None

    def begin(self) -> None:
        """From now on. What this process ignores, such as SIGHUP below nohup, it goes on to."""
        if signal.getsignal(signal.SIGINT) == self.handle:
            return  # with several playbooks on one command line
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.handle)
        atexit.register(self._exit)

    def handle(self, _number: int, frame: FrameType | None) -> None:
        """Interrupt the playbook, unless that has just been done; from now on, see to its end."""
        if os.getpid() != self._process:
            os._exit(1)  # a task that has not begun
        # Not earlier: Ansible's tasks with a timeout insist on an alarm that nobody uses.
        signal.signal(signal.SIGALRM, self.handle)
        signal.setitimer(signal.ITIMER_REAL, MOMENT_SECONDS, MOMENT_SECONDS)
        self._leave_terminal()
        now = time.monotonic()
        is_new = self._interrupted_at is None or now - self._interrupted_at >= AGAIN_SECONDS
        if not is_new or starts_task(frame):
            return
        self._interrupted_at = now
        for task in multiprocessing.active_children():
            if task.pid is not None:
                with suppress(ProcessLookupError):  # it has just ended
                    os.kill(task.pid, signal.SIGINT)
        raise KeyboardInterrupt

    def _leave_terminal(self) -> None:
        """Read nothing more, and write nothing to a terminal that is gone: each line would fail.

        Ansible's prompt reads in another thread, and lets nobody else write meanwhile. It ends, and
        restores the terminal, when it cannot read.
        """
        for number in tuple(self._terminals):
            if number == STDIN or not os.isatty(number):
                make_write_only(number)
                self._terminals.discard(number)  # the next signal may have done so already

    def _exit(self) -> None:
        """Nothing interrupts what is left to do, and no task outlives the playbook."""
        if os.getpid() != self._process:
            return
        for number in (*SIGNALS, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)  # Python keeps that to its very end
        if self._interrupted_at is None:
            return
        for task in multiprocessing.active_children():
            task.join(TASK_SECONDS)
            if task.pid is not None and task.is_alive():
                with suppress(ProcessLookupError):  # it has just ended
                    os.killpg(task.pid, signal.SIGKILL)


def make_write_only(number: int) -> None:
    """Let this descriptor be one that writes to the terminal; to nowhere, when that is gone."""
    try:
        other = os.open("/dev/tty", os.O_WRONLY)
    except OSError:
        other = os.open(os.devnull, os.O_WRONLY)
    before = os.dup(number)
    os.dup2(other, number, inheritable=False)
    os.set_blocking(before, True)  # as the shell has it, and a prompt has not
    os.close(before)
    os.close(other)


def starts_task(frame: FrameType | None) -> bool:
    """Whether this frame is within the start of a process, of which only its end is known."""
    while frame is not None:
        if frame.f_code is BaseProcess.start.__code__:
            return True
        frame = frame.f_back
    return False


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "interruption"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self._interruption = Interruption()

    def v2_playbook_on_start(self, playbook: Any) -> None:
        if Path(playbook._basedir).resolve().is_relative_to(ROOT):
            self._interruption.begin()
