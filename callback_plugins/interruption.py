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
  - Python loses what a signal's handler raises while it forks, as Ansible does for each task. A
    signal that comes then is handled right after it.
  - What keeps a playbook from ending is interrupted again, and a task that does not end is killed.
author:
  - The contributors of this project
"""

import atexit
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from ansible.plugins.callback import CallbackBase

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORK_SECONDS = 0.05
"""What Ansible needs after a fork until it knows the new process as the task's."""
AGAIN_SECONDS = 5.0
TASK_SECONDS = 2.0
"""What a task's process may take to end."""

Handler = Callable[[int, FrameType | None], Any]


class Interruption:
    """Handles the signals of this process. `interrupt` ends the tasks and raises KeyboardInterrupt.

    Everything happens in the main thread, where Python runs handlers.
    """

    def __init__(self, interrupt: Handler) -> None:
        self._interrupt = interrupt
        self._process = os.getpid()
        self._terminals = [number for number in range(3) if os.isatty(number)]
        self._is_forking = False
        self._forked_at = -FORK_SECONDS
        self._interrupted_at: float | None = None

    def begin(self) -> None:
        """From now on. What this process ignores, such as SIGHUP below nohup, it goes on to."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.handle)
        signal.signal(signal.SIGALRM, self.handle)
        os.register_at_fork(
            before=self._before_fork,
            after_in_parent=self._after_fork,
            after_in_child=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        atexit.register(self._exit)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Interrupt the playbook; while it forks, right after it."""
        if os.getpid() != self._process:
            os._exit(1)  # a task that has not begun
        if number == signal.SIGHUP:
            self._leave_terminal()
        now = time.monotonic()
        if self._is_forking or now - self._forked_at < FORK_SECONDS:
            signal.setitimer(signal.ITIMER_REAL, FORK_SECONDS)
            return
        is_again = self._interrupted_at is not None and now - self._interrupted_at < AGAIN_SECONDS
        if is_again:
            return  # the key is held down, or pressed by somebody who does not like to wait
        self._interrupted_at = now
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
        try:
            self._interrupt(signal.SIGINT, frame)
        finally:
            signal.signal(signal.SIGINT, self.handle)  # Ansible takes its handler away

    def _before_fork(self) -> None:
        self._is_forking = True

    def _after_fork(self) -> None:
        self._forked_at = time.monotonic()
        self._is_forking = False

    def _leave_terminal(self) -> None:
        """Write nowhere when the terminal is gone: each line would be an error."""
        for number in self._terminals:
            if not os.isatty(number):
                nowhere = os.open(os.devnull, os.O_RDWR)
                os.dup2(nowhere, number)
                os.close(nowhere)

    def _exit(self) -> None:
        """Nothing interrupts what is left to do, and no task outlives the playbook."""
        if os.getpid() != self._process:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number in (*SIGNALS, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)  # Python keeps that to its very end
        if self._interrupted_at is None:
            return
        for task in multiprocessing.active_children():
            task.join(TASK_SECONDS)
            if task.pid is not None and task.is_alive():
                with suppress(ProcessLookupError):  # it has just ended
                    os.killpg(task.pid, signal.SIGKILL)


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "interruption"
    CALLBACK_NEEDS_ENABLED = False

    def v2_playbook_on_start(self, playbook: Any) -> None:
        ansibles = signal.getsignal(signal.SIGINT)
        if not callable(ansibles) or not Path(playbook._basedir).resolve().is_relative_to(ROOT):
            return
        # With several playbooks on one command line it is there already.
        if not isinstance(getattr(ansibles, "__self__", None), Interruption):
            Interruption(ansibles).begin()
