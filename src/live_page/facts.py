"""What AWS says of a stack, and no observer records: its resources, events, settings, instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SETTINGS = {
    "table": "SSMTableName",
    "failure-response": "SSMFailure",
    "health-check": "SSMHealthCheck",
}
"""The end of a setting's name in Systems Manager, and the stack's parameter that declares it."""


@dataclass(frozen=True)
class Stack:
    """`outputs` and `parameters` by their keys."""

    stack_id: str
    status: str
    reason: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class StackEvent:
    event_id: str
    at: float
    resource: str
    status: str
    reason: str
    is_stack: bool


@dataclass(frozen=True)
class Instance:
    """`launched_at` in seconds since the epoch; `state` is EC2's, such as "shutting-down"."""

    instance: str
    state: str
    availability_zone: str
    launched_at: float


@dataclass(frozen=True)
class Facts:
    """What AWS said at one moment. `stack` is None when there is none of that name."""

    at: float
    stack: Stack | None = None
    events: tuple[StackEvent, ...] = ()
    instances: tuple[Instance, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
