"""Event patterns: an object of objects and lists, whose operators are EventBridge's.

Source: "Comparison operators for use in event patterns" in the EventBridge User Guide;
API_PutRule (InvalidEventPatternException) and API_TestEventPattern.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.events.exceptions import InvalidEventPatternException, ValidationException
from moto.events.models import EventPattern, EventPatternParser
from moto.events.responses import EventsHandler

from local_aws.control_plane import moto_seams

_OPERATORS = {
    *("anything-but", "cidr", "equals-ignore-case", "exists"),
    *("numeric", "prefix", "suffix", "wildcard"),
}
_NEEDED = frozenset(("id", "account", "source", "time", "region", "resources", "detail-type"))

_moto_validate = EventPatternParser._validate_event_pattern


def install() -> None:
    moto_seams.replace(EventPatternParser, _validate_event_pattern=_validate)
    moto_seams.replace(EventsHandler, test_event_pattern=_test_event_pattern)


def _validate(self: EventPatternParser, pattern: Any) -> None:
    if not isinstance(pattern, Mapping):
        raise InvalidEventPatternException("Filter is not an object")
    for name, values in pattern.items():
        for value in values if isinstance(values, list) else ():
            if name == "$or":
                self._validate_event_pattern(value)
            elif isinstance(value, Mapping):
                _validate_operators(value)
    _moto_validate(self, dict(pattern))


def _validate_operators(match: Mapping[str, Any]) -> None:
    for name in match:
        if name not in _OPERATORS:
            raise InvalidEventPatternException(f"Unrecognized match type {name}")


def _test_event_pattern(self: EventsHandler) -> tuple[str, dict[str, str]]:
    """Raises ValidationException for what is no event."""
    pattern = EventPattern.load(self._get_param("EventPattern"))
    event = _event(self._get_param("Event"))
    if not event.keys() >= _NEEDED:
        raise ValidationException("Parameter Event is not valid.")
    return self._create_response({"Result": pattern.matches_event(event)})


def _event(text: str) -> Any:
    """What is no object has no members."""
    try:
        event = json.loads(text)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
