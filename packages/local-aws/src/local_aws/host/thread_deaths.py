"""A thread that dies of an error ends the daemon.

What it did, nobody does any more, and nobody can say what that was: a local AWS that runs on with a
part missing would report what is not. Threads that know what to do about a failure catch it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_LOG = logging.getLogger(__name__)


def end_with_any_thread(end: Callable[[], None]) -> None:
    """From now on log the thread's name and its error, and call `end`, in the dying thread."""

    def died(death: threading.ExceptHookArgs) -> None:
        name = death.thread.name if death.thread else "of another library"
        _LOG.critical("the thread %s died: the local AWS ends", name, exc_info=death.exc_value)
        end()

    threading.excepthook = died
