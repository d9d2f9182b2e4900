from __future__ import annotations

import threading

LOCK = threading.RLock()
"""Guards moto's state: held around every request that does more than read items, and around every
background step; never while waiting."""

ITEMS_LOCK = threading.RLock()
"""Guards what DynamoDB's tables hold. Take it after LOCK; alone it is enough to read items."""
