"""Which event patterns EventBridge takes. Pure.

Source: "Comparison operators for use in event patterns" in the EventBridge User Guide; answers of
the real EventBridge as they have been recorded; the words for a backslash, for an empty prefix and
for null or true in a list of anything-but are those of its engine, Event Ruler.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane import match_expressions
from local_aws.control_plane.events import matching
from local_aws.control_plane.match_expressions import refused

_AFFIXES = ("prefix", "suffix")
_OPERATORS = frozenset(
    {
        *_AFFIXES,
        *("anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "wildcard"),
    }
)
_EXCLUDED = (*_AFFIXES, "equals-ignore-case", "wildcard")
_NO_VALUE = "Value of anything-but must be an array or single string/number value."


def require(pattern: Any) -> None:
    """Raise ValueError, in AWS's words, for what is no pattern."""
    if not isinstance(pattern, Mapping):
        raise refused("Filter is not an object")
    for name, value in pattern.items():
        if name == "$or" and isinstance(value, list):
            for each in value:
                require(each)
        elif isinstance(value, Mapping):
            require(value)
        elif isinstance(value, list):
            for condition in _filled(value):
                _require_condition(condition)
        else:
            raise refused(f'"{name}" must be an object or an array')


def _filled(values: list[Any]) -> list[Any]:
    if not values:
        raise refused("Empty arrays are not allowed")
    return values


def _require_condition(condition: Any) -> None:
    if isinstance(condition, list):
        raise refused("Match value must be String, number, true, false, or null")
    if not isinstance(condition, Mapping):
        return
    if len(condition) != 1:
        raise refused("Only one key allowed in match expression")
    ((name, value),) = condition.items()
    if name not in _OPERATORS:
        raise refused(f"Unrecognized match type {name}")
    if name == "anything-but":
        _require_excluded(value)
    elif name == "cidr":
        match_expressions.require_cidr(value)
    elif name == "numeric":
        match_expressions.require_numeric(value)
    elif name == "exists":
        if not isinstance(value, bool):
            raise refused("exists match pattern must be either true or false.")
    else:
        _require_text(name, value)


def _require_text(name: str, value: Any) -> None:
    if name in _AFFIXES and isinstance(value, Mapping) and [*value] == ["equals-ignore-case"]:
        value = value["equals-ignore-case"]
    if not isinstance(value, str):
        raise refused(f"{name} match pattern must be a string")
    if name == "wildcard":
        _require_wildcard(value)


def _require_wildcard(text: str) -> None:
    before = ""
    for place, part in matching.parts_of(text):
        if part == before == "*":
            raise refused(f"Consecutive wildcard characters at pos {place}")
        if part.startswith("\\") and part not in ("\\*", "\\\\"):
            raise refused(f"Invalid escape character at pos {place}")
        before = part


def _require_excluded(value: Any) -> None:
    """What anything-but excludes: values, or all that one operator matches."""
    if isinstance(value, list):
        if not all(isinstance(each, str) or match_expressions.is_number(each) for each in value):
            raise refused("Inside anything but list, start|null|boolean is not supported.")
        _filled(value)
    elif not isinstance(value, Mapping):
        if not (isinstance(value, str) or match_expressions.is_number(value)):
            raise refused(_NO_VALUE)
    elif len(value) != 1:
        raise refused("Only one key allowed in match expression")
    else:
        ((name, excluded),) = value.items()
        if name not in _EXCLUDED:
            raise refused(f"Unsupported anything-but pattern: {name}")
        if isinstance(excluded, Mapping):
            raise refused(_NO_VALUE)
        for each in _filled(excluded) if isinstance(excluded, list) else [excluded]:
            _require_excluded_text(name, each)


def _require_excluded_text(name: str, text: Any) -> None:
    if name == "wildcard":
        _require_text(name, text)
    elif not isinstance(text, str):
        raise refused(
            "prefix/suffix match pattern must be a string"
            if name in _AFFIXES
            else "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not "
            "supported."
        )
    elif name in _AFFIXES and not text:
        raise refused("Null prefix/suffix not allowed")
