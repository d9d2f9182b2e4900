"""Which replies a claim is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evidence.record.reply import ERRORS, KINDS, Reply

FIELDS = ("kind", "status", "error", "instance", "availability_zone", "release")
_NONE = "None"
"""How a reply without a status, or without an error, compares."""
_STATUS = re.compile("[1-5][0-9]{2}")
_VALID: dict[str, tuple[frozenset[str], str]] = {
    "kind": (frozenset(KINDS), ", ".join(KINDS)),
    "status": (frozenset({_NONE}), f"100 to 599, {_NONE}"),
    "error": (frozenset({*ERRORS, _NONE}), f"{', '.join(ERRORS)}, 100 to 599, {_NONE}"),
}
"""The names that a field's value can have, beside a status, and what is valid in words."""


@dataclass(frozen=True)
class Condition:
    """A field has (or, negated, has not) one of these values; values are compared as text."""

    field: str
    values: frozenset[str]
    negated: bool = False

    def matches(self, reply: Reply) -> bool:
        return (str(getattr(reply, self.field)) in self.values) != self.negated

    def written(self) -> object:
        """As parse_filter reads it."""
        values = sorted(self.values)
        given = values[0] if len(values) == 1 else values
        return {"not": given} if self.negated else given

    def __str__(self) -> str:
        sign = "!=" if self.negated else "="
        return f"{self.field}{sign}{'|'.join(sorted(self.values))}"


@dataclass(frozen=True)
class Filter:
    conditions: tuple[Condition, ...] = ()

    def matches(self, reply: Reply) -> bool:
        return all(condition.matches(reply) for condition in self.conditions)

    def written(self) -> dict[str, object]:
        """As parse_filter reads it."""
        return {condition.field: condition.written() for condition in self.conditions}

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def __str__(self) -> str:
        return " ".join(str(condition) for condition in self.conditions)


ALL_REPLIES = Filter()


def parse_filter(data: object) -> Filter:
    """Read {field: value | [values] | {"not": value | [values]}}. Raises ValueError."""
    if not isinstance(data, Mapping):
        raise ValueError(f"a filter is a mapping of fields to values, not {data!r}")  # noqa: TRY004 - one kind of error for all that is written wrongly
    return Filter(tuple(_condition(str(field), value) for field, value in data.items()))


def _condition(field: str, value: object) -> Condition:
    if field not in FIELDS:
        raise ValueError(f"unknown field {field!r} (valid: {', '.join(FIELDS)})")
    negated = isinstance(value, Mapping)
    if isinstance(value, Mapping):
        if set(value) != {"not"}:
            raise ValueError(f"{field} is {dict(value)!r}: only {{not: …}} is known")
        value = value["not"]
    values = value if isinstance(value, list | tuple) else [value]
    if not values or any(item is None or item == "" for item in values):
        raise ValueError(f"{field} has no value to compare with")
    texts = [str(item) for item in values]
    for text in texts:
        _check(field, text)
    return Condition(field, frozenset(texts), negated)


def _check(field: str, text: str) -> None:
    """Raise ValueError for what no reply can have: a claim that none has it would always hold."""
    if field not in _VALID:  # names are the service's own
        return
    names, valid = _VALID[field]
    is_status = field != "kind" and _STATUS.fullmatch(text) is not None
    if text not in names and not is_status:
        raise ValueError(f"unknown {field} {text!r} (valid: {valid})")
