"""The three settings in force: read from SSM in the background, kept on disk, never missing.

A value that SSM does not have, or that makes no sense, leaves the last good one in force.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from recommendation_server.aws import JsonClient
from recommendation_server.errors import AwsError
from recommendation_server.log import Change, event
from recommendation_server.state_file import StateFile


@dataclass(frozen=True)
class Settings:
    """The defaults are the safe ones: nothing is made up, and no dependency empties the fleet."""

    table_name: str = "doc-example-recommendation-service"
    failure_response: str = "none"
    health_check: str = "shallow"


_GOOD = {
    "table_name": re.compile(r"[A-Za-z0-9_.-]{3,255}"),
    "failure_response": re.compile(r"none|static"),
    "health_check": re.compile(r"shallow|deep"),
}


def good_values(values: Mapping[str, object]) -> dict[str, str]:
    """Those of `values` that are settings and make sense."""
    return {
        name: value
        for name, pattern in _GOOD.items()
        if isinstance(value := values.get(name), str) and pattern.fullmatch(value)
    }


class CurrentSettings:
    """`current` may be read at any time by any thread; only the background thread changes it."""

    def __init__(self, client: JsonClient, parameters: Mapping[str, str], file: StateFile) -> None:
        """`parameters` maps each setting to the name of its SSM parameter."""
        self._client = client
        self._settings_by_parameter = {name: setting for setting, name in parameters.items()}
        self._file = file
        self._change = Change("settings refresh")
        self._confirmed_at: float | None = None
        kept = good_values(file.read())
        self.current = replace(Settings(), **kept)
        self.source = "disk" if kept else "default"
        self.last_error: str | None = None

    def refresh(self) -> None:
        try:
            values = self._read()
        except AwsError as error:
            self._report(error.code)
            return
        good = good_values(values)
        bad = sorted(_GOOD.keys() - good.keys())
        self._report(f"missing or bad: {', '.join(bad)}" if bad else None)
        if not good:
            return
        self._confirmed_at = time.monotonic()
        self.source = "ssm"
        settings = replace(self.current, **good)
        if settings != self.current:
            self.current = settings
            event("settings", **asdict(settings))
        self._file.write(asdict(settings))

    def age_seconds(self) -> float | None:
        """Seconds since SSM confirmed them, or since they were written when from disk."""
        if self._confirmed_at is not None:
            return time.monotonic() - self._confirmed_at
        return self._file.age_seconds()

    def _read(self) -> dict[str, object]:
        reply = self._client.call("GetParameters", {"Names": [*self._settings_by_parameter]})
        found = reply.get("Parameters")
        return {
            self._settings_by_parameter.get(str(parameter.get("Name")), ""): parameter.get("Value")
            for parameter in (found if isinstance(found, list) else [])
            if isinstance(parameter, dict)
        }

    def _report(self, error: str | None) -> None:
        self.last_error = error
        self._change.now(error)
