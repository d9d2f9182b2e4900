"""One JSON object a line on standard output, where systemd's journal takes it."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("recommendation_server")


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
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


def event(name: str, facts: Mapping[str, object], level: int = logging.INFO) -> None:
    LOGGER.log(level, name, extra={"facts": facts})


class Condition:
    """Logged when it changes, not each time it is seen: an outage is two lines."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.error: str | None = None

    def is_now(self, error: str | None) -> None:
        """`error` is None while all is well."""
        if error != self.error:
            self.error = error
            event(self._name, {"error": error}, logging.WARNING if error else logging.INFO)
