"""One JSON object a line on standard output, where systemd's journal takes it."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

LOGGER = logging.getLogger("recommendation_server")


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure() -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLine())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def event(name: str, level: int = logging.INFO, **facts: object) -> None:
    LOGGER.log(level, name, extra={"facts": facts})


class Change:
    """Logs a condition when it changes, not each time it is seen: an outage is two lines."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: str | None = None

    def now(self, error: str | None) -> None:
        """`error` is None while all is well."""
        if error != self._seen:
            self._seen = error
            if error is None:
                event(f"{self._name} recovered")
            else:
                event(f"{self._name} failing", logging.WARNING, error=error)
