"""EventBridge: a bus's policy is a document with statements, an event pattern is an object.

Source: API_PutPermission and API_PutRule (InvalidEventPatternException) in the EventBridge API
Reference; moto fails at any other JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.events.exceptions import InvalidEventPatternException
from moto.events.models import EventBus, EventPatternParser

from local_aws.control_plane import moto_seams

_NEEDED = ("Sid", "Effect", "Principal", "Action")

_moto_add_policy = EventBus.add_policy
_moto_validate = EventPatternParser._validate_event_pattern


def install() -> None:
    moto_seams.replace(EventBus, add_policy=_add_policy)
    moto_seams.replace(EventPatternParser, _validate_event_pattern=_validate)


def _add_policy(self: EventBus, policy: Any) -> None:
    statements = policy.get("Statement") if isinstance(policy, Mapping) else None
    if not isinstance(statements, list) or not all(map(_is_statement, statements)):
        raise JsonRESTError(
            "ValidationException",
            f"The policy must have a list of statements, each with {', '.join(_NEEDED)}.",
        )
    _moto_add_policy(self, dict(policy))


def _validate(self: EventPatternParser, pattern: Any) -> None:
    if not isinstance(pattern, Mapping):
        raise InvalidEventPatternException("Filter is not an object")
    _moto_validate(self, dict(pattern))


def _is_statement(given: Any) -> bool:
    return isinstance(given, Mapping) and all(name in given for name in _NEEDED)
