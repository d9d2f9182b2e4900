"""Requests that nobody meant: of each operation's shape, with values that are plausible or odd."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

_ODD = (
    *("", "nonsense", "a b", "ü", "0", "-1", "1e9", "true", "{}", "[]", "x" * 300, "'\"<>&"),
    *("arn:aws:nonsense", "arn:aws:iam::123456789012:role/none", "i-0123456789abcdef0"),
    *("2020-01-01T00:00:00Z", "us-east-1a", "10.0.0.0/16"),
)
_BLOBS = (b"", b"abc", b"\xff\xfe", b"{}")
_TIMES = ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", 0)
_WHOLE = ("integer", "long")
_DEEPEST = 6


@dataclass(frozen=True)
class AnyRequest:
    """`known` has values of things that there are, by the end of a member's name in lower case.

    With a `number` it is everywhere where a number can be, and what is asked for else is plausible.
    """

    dice: random.Random
    known: Mapping[str, Sequence[str]]
    number: int | None = None

    def of(self, shape: Shape | None) -> dict[str, Any]:
        """Nearly all that is required, and some of what is not."""
        return self._members(shape, 0) if isinstance(shape, StructureShape) else {}

    def _members(self, shape: StructureShape, depth: int) -> dict[str, Any]:
        if shape.is_tagged_union and shape.members:
            name = self.dice.choice(list(shape.members))
            return {name: self._value(shape.members[name], name, depth + 1)}
        return {
            name: self._value(member, name, depth + 1)
            for name, member in shape.members.items()
            if self.dice.random() < self._chance(member, name in shape.required_members)
        }

    def _chance(self, member: Shape, is_required: bool) -> float:
        if self.number is not None and member.type_name in _WHOLE:
            return 0.9
        return 0.93 if is_required else 0.3

    def _value(self, shape: Shape, name: str, depth: int) -> Any:
        if isinstance(shape, StructureShape):
            return self._members(shape, depth) if depth < _DEEPEST else {}
        if isinstance(shape, ListShape):
            many = self.dice.choice((0, 1, 1, 1, 2)) if depth < _DEEPEST else 0
            return [self._value(shape.member, name, depth + 1) for _ in range(many)]
        if isinstance(shape, MapShape):
            many = self.dice.choice((0, 1, 1, 2)) if depth < _DEEPEST else 0
            return {
                str(self._value(shape.key, "", depth + 1)): self._value(shape.value, "", depth + 1)
                for _ in range(many)
            }
        return self._scalar(shape, name)

    def _scalar(self, shape: Shape, name: str) -> Any:
        is_odd = self.number is None and self.dice.random() < 0.35
        if shape.type_name == "boolean":
            return self.dice.choice((True, False))
        if shape.type_name in _WHOLE and self.number is not None:
            return self.number
        if shape.type_name in _WHOLE:
            return self.dice.choice((0, -1, 100, 10**9) if is_odd else (1, 2, 5, 10))
        if shape.type_name in ("float", "double"):
            return self.dice.choice((0.0, -1.5, 1.0, 1e9))
        if shape.type_name == "timestamp":
            return self.dice.choice(_TIMES)
        if shape.type_name == "blob":
            return self.dice.choice(_BLOBS)
        if is_odd:
            return self.dice.choice(_ODD)
        if isinstance(shape, StringShape) and shape.enum:
            return self.dice.choice(shape.enum)
        named = (values for end, values in self.known.items() if name.lower().endswith(end))
        return self.dice.choice(next(named, ("any",)))
