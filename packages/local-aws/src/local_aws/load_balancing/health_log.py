"""Envoy's health check event log, read as it grows."""

from __future__ import annotations

import json
from collections.abc import Iterator
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

    def new_failures(self) -> Iterator[FailureEvent]:
        """The failures logged since the last call. A line that is still being written waits."""
        if not self._path.exists():
            return
        with self._path.open("rb+") as log:
            log.seek(self._offset)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                event = _failure(line)
                if event is not None:
                    yield event
            # Envoy appends, so the file may be cut to nothing at any time.
            if self._offset > _KEEP_BYTES:
                log.truncate(0)
                self._offset = 0


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
