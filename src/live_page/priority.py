"""What the page does waits until the service, and who measures it, have what they need.

The priority is of a thread, on Linux, and cannot be raised again. So it is lowered where the page
looks and where it sends, and not where playbooks are started, which inherit it.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NICENESS = 10


def step_back() -> None:
    """Let this thread have what others leave."""
    if sys.platform == "linux":
        with suppress(OSError):  # it is lower already
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
