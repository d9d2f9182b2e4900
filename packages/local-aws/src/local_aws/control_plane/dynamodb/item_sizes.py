"""How many bytes an item has for DynamoDB.

Source: "DynamoDB item sizes and formats" in the Amazon DynamoDB Developer Guide; numbers as users
measured them: the digits on both sides of the point are counted in pairs, each side on its own.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from decimal import Context
from math import ceil

from moto.dynamodb.models.dynamo_type import DynamoType

_EXACT = Context(prec=400)
"""More digits than DynamoDB's numbers have."""
_DOCUMENT = 3
"""Of each list and map, whatever it holds; each of its elements has one byte more."""


def of_item(attributes: Mapping[str, DynamoType]) -> int:
    return sum(len(name.encode()) + of_value(value) for name, value in attributes.items())


def of_value(value: DynamoType) -> int:
    if value.is_map():
        return _DOCUMENT + len(value.value) + of_item(value.value)
    if value.is_list():
        return _DOCUMENT + sum(1 + of_value(each) for each in value.value)
    if value.is_set():
        return sum(of_value(DynamoType({value.type[0]: each})) for each in value.value)
    if value.is_number():
        return of_number(value.value)
    if value.is_binary():
        is_encoded = isinstance(value.value, str)
        return len(base64.b64decode(value.value) if is_encoded else value.value)
    return len(value.value.encode()) if value.type == "S" else 1


def of_number(text: str) -> int:
    """Such as 3 for "1.5" and 2 for "100"."""
    number = _EXACT.normalize(_EXACT.create_decimal(text))
    if not number:
        return 1
    sign, digits, exponent = number.as_tuple()
    fraction = min(len(digits), max(0, -int(exponent)))
    whole = len(digits) - fraction
    return 1 + ceil(whole / 2) + ceil(fraction / 2) + sign
