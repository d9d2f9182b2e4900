"""Shifts the wall clock of the process it is on the path of, by the seconds in a file.

time.monotonic stays as it is, as when someone sets the clock of a running machine.
"""

import datetime
import os
import time
from pathlib import Path

_OFFSET_FILE = Path(os.environ["CLOCK_OFFSET_FILE"])
_real_time = time.time


def _offset() -> float:
    return float(_OFFSET_FILE.read_text() or 0)


class _ShiftedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=_offset())

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.UTC).replace(tzinfo=None)


time.time = lambda: _real_time() + _offset()
datetime.datetime = _ShiftedDatetime
