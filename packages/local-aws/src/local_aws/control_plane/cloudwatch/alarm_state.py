"""The state of an alarm: each change is noted and acted on, and those who watch are notified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from local_aws.control_plane.cloudwatch import alarm_actions
from local_aws.control_plane.cloudwatch.alarm_notes import note, notes_of

Watcher = Callable[[Alarm], None]

_watchers: list[Watcher] = []
"""They come and go with the operations on stacks, and this knows nothing of stacks."""


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Call `watcher` with each alarm whose state changes meanwhile. It is called under LOCK."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def change(
    backend: CloudWatchBackend,
    alarm: Alarm,
    state: str,
    reason: str,
    reason_data: Mapping[str, Any],
    reason_json: str,
    now: float,
) -> None:
    """Put the alarm into another state, and carry out what it does in it.

    `reason_json` is the reason's data as DescribeAlarms shows it. Call it under LOCK.
    """
    before = alarm.state_value
    old = {"stateValue": before, "stateReason": alarm.state_reason}
    new = {"stateValue": state, "stateReason": reason, "stateReasonData": dict(reason_data)}
    alarm.state_value, alarm.state_reason = state, reason
    alarm.state_reason_data = reason_json
    alarm.state_updated_timestamp = datetime.now(UTC)
    if state == before:
        return
    alarm.state_transitioned_timestamp = alarm.state_updated_timestamp  # type: ignore[attr-defined] # which moto lacks
    data = {"version": "1.0", "oldState": old, "newState": new}
    note(alarm, "StateUpdate", f"Alarm updated from {before} to {state}", data)
    if alarm.actions_enabled:
        notes_of(alarm).acted_at = now
        alarm_actions.carry_out(backend, alarm, before, alarm_actions.of_state(alarm))
    for watcher in tuple(_watchers):  # one may leave
        watcher(alarm)
