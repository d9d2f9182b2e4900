"""Which keys and indexes a table can have.

Source: CreateTable in the DynamoDB API Reference;
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html (local indexes share the
table's partition key and have a sort key of their own); answers of the real DynamoDB, and the order
of its checks, as they have been recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.dynamodb.exceptions import MockValidationException

Schema = Sequence[Mapping[str, str]]

_NAME = re.compile(r"[a-zA-Z0-9_.-]+")
_NAME_LENGTHS = (3, 255)
_MOST_LOCAL, _MOST_GLOBAL = 5, 20
_PLACES = (("first", "HASH"), ("second", "RANGE"))
"""The elements of a KeySchema; an index of several attributes for each has more of them."""
_INVALID = "One or more parameter values were invalid: "


def check(table: Mapping[str, Any]) -> None:
    """Raise MockValidationException when CreateTable names a table that cannot exist."""
    absent = [name for name in ("KeySchema", "AttributeDefinitions") if table.get(name) is None]
    if absent:
        detected = "; ".join(
            f"Value null at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: Member "
            "must not be null"
            for name in absent
        )
        errors = "errors" if len(absent) > 1 else "error"
        raise MockValidationException(f"{len(absent)} validation {errors} detected: {detected}")
    shortest, longest = _NAME_LENGTHS
    name = str(table["TableName"]).rpartition("/")[2]  # which may come as an ARN
    if not shortest <= len(name) <= longest:
        raise MockValidationException(
            f"TableName must be at least {shortest} characters long and at most {longest} "
            "characters long"
        )
    if not _NAME.fullmatch(name):
        raise MockValidationException(
            f"1 validation error detected: Value '{name}' at 'tableName' failed to satisfy "
            f"constraint: Member must satisfy regular expression pattern: {_NAME.pattern}"
        )
    for flaw in (*_schema_flaws(table.get("KeySchema", [])), *_index_flaws(table)):
        raise MockValidationException(flaw)


def undefined(schema: Schema, definitions: Sequence[Mapping[str, str]]) -> str | None:
    """What DynamoDB says of keys whose types are not defined."""
    keys = [key["AttributeName"] for key in schema]
    defined = [each["AttributeName"] for each in definitions]
    if set(keys) <= set(defined):
        return None
    return (
        f"{_INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: "
        f"[{', '.join(keys)}], AttributeDefinitions: [{', '.join(defined)}]"
    )


def _schema_flaws(schema: Schema) -> Iterator[str]:
    names = [key["AttributeName"] for key in schema]
    types = [key["KeyType"] for key in schema]
    if len(names) > len(_PLACES):
        return
    if len(names) == len(_PLACES) and len(set(names)) == 1:
        yield "Both the Hash Key and the Range Key element in the KeySchema have the same name"
    for (place, expected), given in zip(_PLACES, types, strict=False):
        if given != expected and given in dict(_PLACES).values():
            yield f"Invalid KeySchema: The {place} KeySchemaElement is not a {expected} key type"


def _index_flaws(table: Mapping[str, Any]) -> Iterator[str]:
    local = table.get("LocalSecondaryIndexes") or ()
    others = table.get("GlobalSecondaryIndexes") or ()
    keys = _keys(table.get("KeySchema", []))
    if local and "RANGE" not in keys:
        yield (
            f"{_INVALID}Table KeySchema does not have a range key, which is required when "
            "specifying a LocalSecondaryIndex"
        )
    names: set[str] = set()
    for index in (*local, *others):
        name = index["IndexName"]
        is_local = index in local
        yield from _schema_flaws(index["KeySchema"])
        if is_local:
            yield from _local_flaws(name, index, keys)
        yield from _projection_flaws(index.get("Projection") or {})
        if not is_local and _is_on_demand(table) and index.get("ProvisionedThroughput"):
            yield (
                f"{_INVALID}ProvisionedThroughput should not be specified for index: {name} when "
                "BillingMode is PAY_PER_REQUEST"
            )
        if name in names:
            yield f"{_INVALID}Duplicate index name: {name}"
        names.add(name)
    if len(local) > _MOST_LOCAL:
        yield (
            f"{_INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of {_MOST_LOCAL}"
        )
    if len(others) > _MOST_GLOBAL:
        yield f"{_INVALID}GlobalSecondaryIndex count exceeds the per-table limit of {_MOST_GLOBAL}"


def _local_flaws(name: str, index: Mapping[str, Any], keys: Mapping[str, str]) -> Iterator[str]:
    own = _keys(index.get("KeySchema", []))
    if "RANGE" not in own:
        yield f"{_INVALID}Index KeySchema does not have a range key for index: {name}"
    if own.get("HASH") != keys.get("HASH"):
        yield (
            f"{_INVALID}Index KeySchema does not have the same leading hash key as table KeySchema "
            f"for index: {name}. index hash key: {own.get('HASH')}, table hash key: "
            f"{keys.get('HASH')}"
        )


def _projection_flaws(projection: Mapping[str, Any]) -> Iterator[str]:
    kind = projection.get("ProjectionType")
    if kind is None:
        yield f"{_INVALID}Unknown ProjectionType: null"
    if projection.get("NonKeyAttributes") and kind != "INCLUDE":
        yield f"{_INVALID}ProjectionType is {kind}, but NonKeyAttributes is specified"


def _is_on_demand(table: Mapping[str, Any]) -> bool:
    return bool(table.get("BillingMode") == "PAY_PER_REQUEST")


def _keys(schema: Schema) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in schema}
