"""Event patterns of rules, archives and TestEventPattern, where moto takes and matches others.

Source: API_PutRule (InvalidEventPatternException) and API_TestEventPattern.
"""

from __future__ import annotations

import json
from typing import Any

from moto.events.exceptions import InvalidEventPatternException, ValidationException
from moto.events.models import EventPattern, EventPatternParser
from moto.events.responses import EventsHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.events import matching, pattern_rules

_NEEDED = frozenset(("id", "account", "source", "time", "region", "resources", "detail-type"))


def install() -> None:
    moto_seams.replace(EventPattern, matches_event=_matches)
    moto_seams.replace(EventPatternParser, _validate_event_pattern=_validate)
    moto_seams.replace(EventsHandler, test_event_pattern=_test_event_pattern)


def _matches(self: EventPattern, event: Any) -> bool:
    return matching.matches(self.get_pattern(), json.loads(json.dumps(event)))


def _validate(_: EventPatternParser, pattern: Any) -> None:
    try:
        pattern_rules.require(pattern)
    except ValueError as error:
        raise InvalidEventPatternException(str(error)) from None


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
