"""Ends the observer whatever its event loop is busy with: on SIGTERM, or when its owner is gone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from evidence.record.processes import ProcessIdentity

_OWNER_CHECK_SECONDS = 1.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_STATUS = 75
"""EX_TEMPFAIL: the process did not end in good order."""


class Watchdog:
    """Asks this process to end, and ends it by force when it has not after `grace_seconds`."""

    def __init__(self, owner: ProcessIdentity, grace_seconds: float) -> None:
        self._owner = owner
        self._grace_seconds = grace_seconds
        self._ending = threading.Event()
        self._callbacks: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        """Call it from the main thread before any other thread is started.

        From here on the signals reach the watchdog's thread alone, as no handler of Python's runs
        while the main thread is held up.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        for target in (self._await_signal, self._await_owners_end):
            threading.Thread(target=target, daemon=True).start()

    def on_end(self, callback: Callable[[], object]) -> None:
        """Call this from a thread of the watchdog when the process is to end; at once if so now."""
        with self._lock:
            self._callbacks.append(callback)
            if not self._ending.is_set():
                return
        callback()

    def _await_signal(self) -> None:
        signal.sigwait(_SIGNALS)
        self._end()

    def _await_owners_end(self) -> None:
        while self._owner.is_running():
            if self._ending.wait(_OWNER_CHECK_SECONDS):
                return
        self._end()

    def _end(self) -> None:
        with self._lock:
            if self._ending.is_set():
                return
            self._ending.set()
            callbacks = list(self._callbacks)
        timer = threading.Timer(self._grace_seconds, os._exit, (_STATUS,))
        timer.daemon = True
        timer.start()
        for callback in callbacks:
            callback()
