"""A bus's policy is a document with statements; moto fails at any other JSON.

Source: API_PutPermission in the EventBridge API Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.events.models import EventBus

from local_aws.control_plane import moto_seams

_NEEDED = ("Sid", "Effect", "Principal", "Action")

_moto_add_policy = EventBus.add_policy


def install() -> None:
    moto_seams.replace(EventBus, add_policy=_add_policy)


def _add_policy(self: EventBus, policy: Any) -> None:
    statements = policy.get("Statement") if isinstance(policy, Mapping) else None
    if not isinstance(statements, list) or not all(map(_is_statement, statements)):
        raise JsonRESTError(
            "ValidationException",
            f"The policy must have a list of statements, each with {', '.join(_NEEDED)}.",
        )
    _moto_add_policy(self, dict(policy))


def _is_statement(given: Any) -> bool:
    return isinstance(given, Mapping) and all(name in given for name in _NEEDED)
