"""What size and begins_with make of an item's attributes.

Source: "Condition and filter expressions, operators, and functions" in the Amazon DynamoDB
Developer Guide: a string's size is its length in bytes of UTF-8, a binary's its number of bytes.
"""

from __future__ import annotations

import base64
from typing import Any

from moto.dynamodb.comparisons import FuncBeginsWith, FuncSize, Operand

from local_aws.control_plane import moto_seams

_SIZED = ("S", "B", "SS", "NS", "BS", "L", "M")


def install() -> None:
    moto_seams.replace(FuncSize, expr=_size)
    moto_seams.replace(FuncBeginsWith, expr=_begins_with)


def _size(self: FuncSize, item: Any) -> int | None:
    """None, which no comparison but <> finds true, of an attribute that has no size."""
    kind = self.attr.get_type(item)
    if kind not in _SIZED:
        return None
    return len(_bytes(self.attr, item) if kind in ("S", "B") else self.attr.expr(item))


def _begins_with(self: FuncBeginsWith, item: Any) -> bool:
    kinds = {self.attr.get_type(item), self.substr.get_type(item)}
    if kinds not in ({"S"}, {"B"}):
        return False
    return _bytes(self.attr, item).startswith(_bytes(self.substr, item))


def _bytes(operand: Operand, item: Any) -> bytes:
    """A string's or binary's; moto has a binary as bytes or as the base64 of the request."""
    value: str | bytes = operand.expr(item)
    if isinstance(value, bytes):
        return value
    return base64.b64decode(value) if operand.get_type(item) == "B" else value.encode()
