"""When the load balancer took targets out of rotation and back: Envoy's own log of its checks.

DescribeTargetHealth reports the same up to a second later; what is claimed to the request needs
the moment itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Kind = Literal["failed", "out", "in"]

_KINDS: dict[str, Kind] = {
    "health_check_failure_event": "failed",
    "eject_unhealthy_event": "out",
    "add_healthy_event": "in",
}


@dataclass(frozen=True)
class Check:
    """A failed check of a target, or that checks have taken it out of rotation or back in."""

    at: float
    instance: str
    kind: Kind


class HealthLog:
    """The checks since it was made. `local-aws` empties the file when it has grown to megabytes."""

    def __init__(self, home: Path) -> None:
        self._path = home / "load_balancing" / "xds" / "health_checks.jsonl"
        self._offset = self._path.stat().st_size if self._path.exists() else 0

    def read(self, ports: Mapping[int, str]) -> list[Check]:
        """`ports` names the instance at each loopback port."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as log:
            assert log.seek(0, 2) >= self._offset, "the health check log was cut meanwhile"
            log.seek(self._offset)
            lines = [json.loads(line) for line in log if line.endswith(b"\n")]
        return sorted(_checks(lines, ports), key=lambda check: check.at)


def _checks(lines: Iterable[Mapping[str, Any]], ports: Mapping[int, str]) -> Iterator[Check]:
    for line in lines:
        kind = next((_KINDS[name] for name in _KINDS if name in line), None)
        instance = ports.get(line["host"]["socket_address"]["port_value"])
        if kind is not None and instance is not None:
            yield Check(datetime.fromisoformat(line["timestamp"]).timestamp(), instance, kind)
