"""Which events a pattern matches. Pure.

A pattern is an object: a name has the conditions of which one must hold, or a pattern of what is
within it. A list in an event is looked into: one of its values, or all that is within one of its
objects, must match. A dot in a name goes one level deeper.

Source: "Comparison operators for use in event patterns", "Arrays" and "Null values and empty
strings" in the EventBridge User Guide; answers of the real EventBridge as they have been recorded:
an object or an empty list is nothing that exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local_aws.control_plane import match_expressions, wildcards


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether an event matches a pattern that `pattern_rules.require` lets pass."""
    nested = _nested(event)
    return _holds(_nested(pattern), nested, frozenset(_paths(nested)), "")


def parts_of(wildcard: str) -> Iterator[tuple[int, str]]:
    """The characters of a wildcard's text with their places; a literal one has its backslash."""
    place = 0
    while place < len(wildcard):
        length = 2 if wildcard[place] == "\\" else 1
        yield place, wildcard[place : place + length]
        place += length


def _nested(value: Any) -> Any:
    """The value with an object for each part of a name that has dots."""
    if isinstance(value, list):
        return [_nested(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    made: dict[str, Any] = {}
    for name, each in value.items():
        *outer, last = name.split(".")
        node = made
        for part in outer:
            inner = node.setdefault(part, {})
            node = inner if isinstance(inner, dict) else {}
        given, present = _nested(each), node.get(last)
        is_more = isinstance(given, dict) and isinstance(present, dict)
        node[last] = {**(present or {}), **given} if is_more else given
    return made


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """The path of each value that is no object and no list."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _paths(each, f"{path}{name}.")
    elif isinstance(value, list):
        for each in value:
            yield from _paths(each, path)
    else:
        yield path


def _holds(
    pattern: Mapping[str, Any], found: Mapping[str, Any], present: frozenset[str], within: str
) -> bool:
    """Whether all that a pattern names holds of one object of the event."""
    for name, wanted in pattern.items():
        path, value = f"{within}{name}.", found.get(name, ())
        if name == "$or" and isinstance(wanted, list):
            holds = any(_holds(each, found, present, within) for each in wanted)
        elif isinstance(wanted, Mapping):
            inner = [each for each in _each(value) if isinstance(each, Mapping)] or [{}]
            holds = any(_holds(wanted, each, present, path) for each in inner)
        else:
            values = [each for each in _each(value) if not isinstance(each, Mapping)]
            holds = any(_meets(each, values, is_present=path in present) for each in wanted)
        if not holds:
            return False
    return True


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _each(each)
    else:
        yield value


def _meets(condition: Any, values: list[Any], *, is_present: bool) -> bool:
    if isinstance(condition, Mapping) and "exists" in condition:
        return bool(values) if condition["exists"] else not is_present
    return any(_is_met(condition, value) for value in values)


def _is_met(condition: Any, value: Any) -> bool:
    if not isinstance(condition, Mapping):
        return _is_equal(condition, value)
    ((name, wanted),) = condition.items()
    if name == "anything-but":
        kind, unwanted = next(iter(wanted.items())) if isinstance(wanted, Mapping) else ("", wanted)
        excluded = unwanted if isinstance(unwanted, list) else [unwanted]
        return not any(_is_met({kind: each} if kind else each, value) for each in excluded)
    if name == "numeric":
        return match_expressions.is_number(value) and all(
            match_expressions.COMPARISONS[comparison](value, bound)
            for comparison, bound in zip(wanted[::2], wanted[1::2], strict=True)
        )
    return isinstance(value, str) and _of_text(name, wanted, value)


def _of_text(name: str, wanted: Any, value: str) -> bool:
    if isinstance(wanted, Mapping):
        wanted, value = wanted["equals-ignore-case"].casefold(), value.casefold()
    if name == "prefix":
        return value.startswith(wanted)
    if name == "suffix":
        return value.endswith(wanted)
    if name == "equals-ignore-case":
        return value.casefold() == str(wanted).casefold()
    if name == "wildcard":
        parts = (
            part if part == "*" else wildcards.literal(part.removeprefix("\\") or "\\")
            for _, part in parts_of(wanted)
        )
        return wildcards.matches("".join(parts), value)
    return match_expressions.is_in_range(value, wanted)


def _is_equal(wanted: Any, value: Any) -> bool:
    if match_expressions.is_number(wanted) and match_expressions.is_number(value):
        return bool(wanted == value)
    return type(wanted) is type(value) and bool(wanted == value)
