"""Which events PutEvents takes: their details are objects, all together of 1 MiB at most.

Source: API_PutEvents; "Calculating PutEvents event entry size" in the EventBridge User Guide;
answers of the real EventBridge as they have been recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend

from local_aws.control_plane import moto_seams

_MOST_BYTES = 1024 * 1024
_TIME_BYTES = 14
_NO_JSON = "{"
"""moto's answer to a detail that is no JSON is AWS's to one that is no object."""

_moto_put_events = EventsBackend.put_events


def install() -> None:
    moto_seams.replace(EventsBackend, put_events=_put_events)


def _put_events(self: EventsBackend, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if sum(map(_size, events)) > _MOST_BYTES:
        raise ValidationException("Total size of the entries in the request is over the limit.")
    return _moto_put_events(self, list(_malformed_unless_objects(events)))


def _size(event: Mapping[str, Any]) -> int:
    texts = [event.get(name) or "" for name in ("Source", "DetailType", "Detail")]
    resources = event.get("Resources") or ()
    time = _TIME_BYTES if event.get("Time") is not None else 0
    return time + sum(len(text.encode()) for text in (*texts, *resources))


def _malformed_unless_objects(events: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        is_malformed = event.get("Detail") and not _is_object(event["Detail"])
        yield {**event, "Detail": _NO_JSON} if is_malformed else event


def _is_object(detail: str) -> bool:
    try:
        return isinstance(json.loads(detail), dict)
    except ValueError:
        return False
