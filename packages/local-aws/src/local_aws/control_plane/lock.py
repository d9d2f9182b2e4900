"""The lock around moto's state."""

from __future__ import annotations

import threading

LOCK = threading.RLock()
"""Guards moto's state: held around every request that does more than read items, and around every
background step; never while waiting."""
