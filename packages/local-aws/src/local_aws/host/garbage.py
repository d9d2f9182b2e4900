"""Keeps Python's garbage collector from holding up answers.

moto and botocore are hundreds of thousands of objects that live as long as the daemon. Each full
collection looks at all of them, and no thread runs meanwhile: 0.2 s on an idle machine, and more
than a client of a database waits on a busy one. So what survived a full collection is set aside.
"""

from __future__ import annotations

import gc

_OLDEST_GENERATION = 2


class SurvivorsSetAside:
    """Call `update` now and then: it does something only after a full collection.

    What becomes a garbage cycle only after it was set aside is kept until the daemon ends.
    """

    def __init__(self) -> None:
        gc.collect()
        gc.freeze()
        self._collections = self._count()

    def update(self) -> None:
        collections = self._count()
        if collections != self._collections:
            gc.freeze()
            self._collections = collections

    @staticmethod
    def _count() -> int:
        return int(gc.get_stats()[_OLDEST_GENERATION]["collections"])
