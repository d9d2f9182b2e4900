"""Local secondary indexes: they share the table's partition key and have a sort key of their own.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from moto.dynamodb.exceptions import MockValidationException


def check(table: Mapping[str, Any]) -> None:
    """Raise ValidationException when CreateTable names a local index that cannot exist."""
    indexes = table.get("LocalSecondaryIndexes")
    if not indexes:
        return
    keys = _keys(table.get("KeySchema", []))
    if "RANGE" not in keys:
        raise _invalid(
            "Table KeySchema does not have a range key, which is required when specifying a "
            "LocalSecondaryIndex"
        )
    names = [
        index.get("IndexName") for index in (*indexes, *(table.get("GlobalSecondaryIndexes") or ()))
    ]
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise _invalid(f"Duplicate index name: {name}")
    for index in indexes:
        own = _keys(index.get("KeySchema", []))
        if "RANGE" not in own:
            raise _invalid(
                f"Index KeySchema does not have a range key for index: {index['IndexName']}"
            )
        if own.get("HASH") != keys.get("HASH"):
            raise _invalid(
                "Index KeySchema does not have the same leading hash key as table KeySchema for "
                f"index: {index['IndexName']}. index hash key: {own.get('HASH')}, table hash key: "
                f"{keys.get('HASH')}"
            )


def _keys(schema: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in schema}


def _invalid(problem: str) -> MockValidationException:
    return MockValidationException(f"One or more parameter values were invalid: {problem}")
