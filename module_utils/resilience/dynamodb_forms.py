# GNU General Public License v3.0+ (see LICENSE)
"""DynamoDB's items: plain and typed, and when two of them are equal. Pure.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports what is not installed.
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

BEYOND_NUMBERS = (
    "a number has at most 38 digits, and a magnitude of 1E-130 to 9.99E+125 unless it is 0."
)

Item = dict[str, Any]
"""An item in DynamoDB's typed form, {"Title": {"S": "Dune"}}, unless called plain."""


def typed(item: Item, key_names: list[str]) -> Item:
    """An item as the user gave it, in DynamoDB's typed form. Raises `AnsibleAWSError`."""
    missing = [name for name in key_names if name not in item]
    if missing:
        raise AnsibleAWSError(f"Item {item} lacks the table's key attribute {', '.join(missing)}.")
    is_plain = not isinstance(item[key_names[0]], dict)
    stored = {}
    for name, value in item.items():
        try:
            stored[name] = TypeSerializer().serialize(exact(value)) if is_plain else value
            plain({name: stored[name]})  # refuses what is not of the typed form
        except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
            # boto3 raises the signals of decimals, whose text is their names.
            why = BEYOND_NUMBERS if isinstance(error, ArithmeticError) else str(error)
            raise AnsibleAWSError(
                f"Item {item} cannot be stored in DynamoDB: its attribute {name}: {why}"
            ) from error
    return stored


def exact(value: Any) -> Any:
    """A value with decimals for floats, as DynamoDB's numbers are decimal."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: exact(each) for name, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    return value


def plain(item: Item) -> Item:
    """A typed item as values that JSON can show."""

    def shown(value: Any) -> Any:
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise ValueError("an N is not a number.")
            return int(value) if value == value.to_integral_value() else float(value)
        if isinstance(value, dict):
            return {name: shown(each) for name, each in value.items()}
        if isinstance(value, (list, set)):
            return [shown(each) for each in (value if isinstance(value, list) else sorted(value))]
        return value

    return {name: shown(TypeDeserializer().deserialize(value)) for name, value in item.items()}


def comparable(value: dict[str, Any]) -> Any:
    """A typed value in a form where `==` is DynamoDB's equality: 1 is 1.0, sets have no order."""
    ((kind, content),) = value.items()
    if kind == "N":
        return kind, Decimal(content)
    if kind == "NS":
        return kind, frozenset(map(Decimal, content))
    if kind == "SS":
        return kind, frozenset(content)
    if kind == "L":
        return kind, [comparable(each) for each in content]
    if kind == "M":
        return kind, {name: comparable(each) for name, each in content.items()}
    return kind, content


def same(item: Item | None, other: Item | None) -> bool:
    if item is None or other is None:
        return item is other
    return bool(comparable({"M": item}) == comparable({"M": other}))
