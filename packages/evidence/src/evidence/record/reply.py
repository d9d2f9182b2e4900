"""A request and what came of it: one line of requests.jsonl.

One clock: every time of a record is seconds since the epoch on this machine.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

Kind = Literal["real", "static", "error"]
KINDS: tuple[Kind, ...] = ("real", "static", "error")
ERRORS = ("refused", "reset", "timeout", "unreachable", "unresolved", "malformed")
"""What an error is called that is no status."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One request and what came of it.

    `latency_ms` counts from `scheduled_at`, not from the moment of sending, so that a stalled
    prober cannot hide a slow service. `late_ms` is how long after its schedule it was sent.
    `error` is None, one of ERRORS or the status as text.
    `instance` is None when the load balancer made the reply itself, or there was none.
    """

    scheduled_at: float
    late_ms: float
    latency_ms: float
    status: int | None
    kind: Kind
    error: str | None = None
    instance: str | None = None
    availability_zone: str | None = None
    release: str | None = None

    @property
    def completed_at(self) -> float:
        return self.scheduled_at + self.latency_ms / 1000


HELD = "held"
"""The stream of requests whose replies the service is asked to hold; the main one has no name."""

_REPLY_FIELDS = tuple(field.name for field in fields(Reply))


def reply_to_json(reply: Reply, scenario: str, stream: str | None = None) -> dict[str, Any]:
    line: dict[str, Any] = {"scenario": scenario} | ({"stream": stream} if stream else {})
    for name in _REPLY_FIELDS:
        value = getattr(reply, name)
        if value is not None:
            line[name] = value
    return line


def is_held(line: Mapping[str, Any]) -> bool:
    """Whether a line is of the stream of held requests."""
    return line.get("stream") == HELD


def reply_from_json(line: Mapping[str, Any]) -> Reply:
    """Raises TypeError for a line that is damaged, or of another version."""
    values = {name: line[name] for name in _REPLY_FIELDS if name in line}
    for name, value in values.items():  # a few different texts in millions of replies
        if isinstance(value, str):
            values[name] = sys.intern(value)
    return Reply(**{"status": None, **values})
