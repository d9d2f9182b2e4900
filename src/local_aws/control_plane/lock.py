from __future__ import annotations

import threading

LOCK = threading.RLock()
"""Guards moto state: held around every API request and every background step, never while waiting."""
