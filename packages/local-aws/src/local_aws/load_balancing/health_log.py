"""Envoy's health check event log, read as it grows."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from local_aws.load_balancing.target_health import FailedCheck
from local_aws.load_balancing.targets import Address

_KEEP_BYTES = 4_000_000


@dataclass(frozen=True)
class FailureEvent:
    """One failed check of a host; `at` is Unix time."""

    cluster: str
    address: Address
    at: float
    check: FailedCheck


class HealthLog:
    """The failed checks in a file that Envoy appends to. Beyond 4 MB the file is emptied."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new_failures(self) -> list[FailureEvent]:
        """The failures logged since the last call. A line that is still being written waits."""
        if not self._path.exists():
            return []
        with self._path.open("rb+") as log:
            log.seek(self._offset)
            lines = [line for line in log if line.endswith(b"\n")]
            self._offset += sum(map(len, lines))
            # Envoy appends, so the file may be cut to nothing once all of it is read.
            if self._offset > _KEEP_BYTES and self._offset == log.seek(0, os.SEEK_END):
                log.truncate(0)
                self._offset = 0
        return [event for event in map(_failure, lines) if event is not None]


def _failure(line: bytes) -> FailureEvent | None:
    event = json.loads(line)
    failure = event.get("health_check_failure_event")
    if failure is None:
        return None
    address = event["host"]["socket_address"]
    status = failure.get("http_status_code") if failure["failure_type"] == "ACTIVE" else None
    return FailureEvent(
        cluster=event["cluster_name"],
        address=(address["address"], address["port_value"]),
        at=datetime.fromisoformat(event["timestamp"]).timestamp(),
        check=FailedCheck(failure["failure_type"] == "NETWORK_TIMEOUT", status),
    )
