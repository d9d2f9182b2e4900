"""The three settings in force: read from SSM in the background, kept on disk, never missing."""

import re
import time
from collections.abc import Mapping
from typing import Any

from . import config
from .aws import AwsError, Client
from .log import Condition, event
from .state_file import StateFile

# The safe ones: nothing is made up, and no dependency can empty the fleet.
_DEFAULTS = {
    "table": "doc-example-recommendation-service",
    "failure_response": "none",
    "health_check": "shallow",
}
_GOOD = {
    "table": r"[A-Za-z0-9_.-]{3,255}",
    "failure_response": "none|static",
    "health_check": "shallow|deep",
}


def good_values(values: Mapping[str, object]) -> dict[str, str]:
    """Those of `values` that are settings and make sense."""
    return {
        name: value
        for name, pattern in _GOOD.items()
        if isinstance(value := values.get(name), str) and re.fullmatch(pattern, value)
    }


class Settings:
    """`current` may be read by any thread; only the background thread replaces it.

    A value that SSM does not have, or that makes no sense, leaves the last good one in force.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._file = StateFile("settings.json")
        self._confirmed_at: float | None = None
        kept = good_values(self._file.read())
        self.current = _DEFAULTS | kept
        self.source = "disk" if kept else "default"
        self.condition = Condition("settings refresh")

    def refresh(self) -> None:
        try:
            good = good_values(self._read())
        except AwsError as error:
            self.condition.is_now(error.code)
            return
        bad = sorted(_GOOD.keys() - good)
        self.condition.is_now(f"missing or bad: {', '.join(bad)}" if bad else None)
        if good:
            self._confirmed_at = time.monotonic()
            self.source = "ssm"
            if self.current != self.current | good:
                self.current = self.current | good
                event("settings", self.current)
            self._file.write(self.current)

    def age_seconds(self) -> float | None:
        """Seconds since SSM confirmed them; None when it has not since the start."""
        return self._confirmed_at and time.monotonic() - self._confirmed_at

    def _read(self) -> dict[str, object]:
        reply: Any = self._client.call("GetParameters", Names=list(config.PARAMETERS.values()))
        try:
            values = {found["Name"]: found["Value"] for found in reply["Parameters"]}
        except (KeyError, TypeError):
            raise AwsError("MalformedParameters") from None
        return {setting: values.get(name) for setting, name in config.PARAMETERS.items()}
