"""Log events: which are taken, which are rejected, and which are found.

Source: API_PutLogEvents, API_RejectedLogEventsInfo, API_FilterLogEvents; API_GetLogEvents: endTime
is exclusive; answers of the real CloudWatch Logs as they have been recorded.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend, LogStream
from moto.logs.responses import LogsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.logs import filter_patterns, pages

NO_STREAM = "The specified log stream does not exist."
_HOUR = 3600 * 1000  # milliseconds, as all times of events
_DAY = 24 * _HOUR
_TOO_OLD, _TOO_NEW = "tooOldLogEventEndIndex", "tooNewLogEventStartIndex"
_EXPIRED = "expiredLogEventEndIndex"
_OLDEST, _NEWEST = 14 * _DAY, 2 * _HOUR
_MOST = 10_000
_LARGEST_BATCH = _LARGEST_EVENT = 1024 * 1024
_BYTES_OF_EACH = 26

Event = dict[str, Any]

_moto_get = LogGroup.get_log_events


def install() -> None:
    moto_seams.replace(LogsBackend, put_log_events=_put)
    moto_seams.replace(LogGroup, get_log_events=_get)
    moto_seams.replace(LogsResponse, filter_log_events=_filter)


def _put(
    self: LogsBackend, log_group_name: str, log_stream_name: str, log_events: list[Event]
) -> tuple[str, dict[str, int]]:
    """Raise for events that are out of order, more than a day apart, or too large."""
    group = self.groups.get(log_group_name)
    if group is None:
        raise ResourceNotFoundException
    if log_stream_name not in group.streams:
        raise ResourceNotFoundException(NO_STREAM)
    _require_size([str(event["message"]) for event in log_events])
    times = [int(event["timestamp"]) for event in log_events]
    _require_order(times)
    rejected = rejections(times, time.time() * 1000, group.retention_in_days)
    start = max(rejected.get(name, 0) for name in (_EXPIRED, _TOO_OLD))
    accepted = log_events[start : rejected.get(_TOO_NEW)]
    return group.put_log_events(log_stream_name, accepted), rejected


def rejections(times: Sequence[int], now: float, retention_days: Any) -> dict[str, int]:
    """RejectedLogEventsInfo of events at these times; the indexes of ends are exclusive."""
    kept = int(retention_days) * _DAY if retention_days else None
    counted = {
        _EXPIRED: sum(kept is not None and now - each > kept for each in times),
        _TOO_OLD: sum(now - each > _OLDEST for each in times),
    }
    found = {name: count for name, count in counted.items() if count}
    too_new = sum(each - now > _NEWEST for each in times)
    return {**found, **({_TOO_NEW: len(times) - too_new} if too_new else {})}


def _require_size(messages: Sequence[str]) -> None:
    """The words are those that users reported of AWS."""
    sizes = [len(message.encode()) + _BYTES_OF_EACH for message in messages]
    largest, total = max(sizes, default=0), sum(sizes)
    if largest > _LARGEST_EVENT:
        raise InvalidParameterException(
            f"Log event too large: {largest} bytes exceeds limit of {_LARGEST_EVENT}"
        )
    if total > _LARGEST_BATCH:
        raise InvalidParameterException(
            f"Upload too large: {total} bytes exceeds limit of {_LARGEST_BATCH}"
        )


def _require_order(times: Sequence[int]) -> None:
    if any(later < earlier for earlier, later in itertools.pairwise(times)):
        raise InvalidParameterException(
            "Log events in a single PutLogEvents request must be in chronological order."
        )
    if times and times[-1] - times[0] > _DAY:
        raise InvalidParameterException(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 "
            "hours."
        )


def _get(self: LogGroup, log_stream_name: str, start_time: Any, end_time: Any, *others: Any) -> Any:
    if log_stream_name not in self.streams:
        raise ResourceNotFoundException(NO_STREAM)
    last: Any = None if end_time is None else int(end_time) - 1
    return _moto_get(self, log_stream_name, start_time, last, *others)


def _filter(self: LogsResponse) -> str:
    """In the order of their times; moto knows no prefix, and few patterns."""
    group = self.logs_backend._find_log_group(
        self._get_param("logGroupIdentifier"), log_group_name=self._get_param("logGroupName")
    )
    names, prefix = self._get_param("logStreamNames"), self._get_param("logStreamNamePrefix")
    if names and prefix:
        raise InvalidParameterException(
            "logStreamNames and logStreamNamePrefix are mutually exclusive parameters."
        )
    passes = filter_patterns.compiled(self._get_param("filterPattern"))
    start, end = self._get_param("startTime"), self._get_param("endTime")
    found = [
        {**event.to_filter_dict(), "logStreamName": stream.log_stream_name}
        for stream in group.streams.values()
        if _is_asked_for(stream, names, prefix)
        for event in stream.events
        if (start is None or event.timestamp >= start)
        and (end is None or event.timestamp <= end)
        and passes(event.message)
    ]
    shown = pages.page(
        "FilterLogEvents",
        found,
        lambda event: (int(event["timestamp"]), int(event["eventId"])),
        self._get_param("nextToken"),
        self._get_param("limit") or _MOST,
    )
    # API_FilterLogEvents: searchedLogStreams "returns an empty list" since 2020
    return pages.answer("events", *shown, searchedLogStreams=[])


def _is_asked_for(stream: LogStream, names: Sequence[str] | None, prefix: str | None) -> bool:
    name = stream.log_stream_name
    return (not names or name in names) and name.startswith(prefix or "")
