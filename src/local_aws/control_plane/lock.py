from __future__ import annotations

import threading

LOCK = threading.RLock()
"""Guards moto's state: held around every request and background step, never while waiting."""
