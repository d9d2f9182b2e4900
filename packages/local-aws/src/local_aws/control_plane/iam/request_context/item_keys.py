"""The condition keys of DynamoDB's requests: of which items and attributes they are.

AWS: "Using IAM policy conditions for fine-grained access control" in the DynamoDB Developer Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from local_aws.control_plane.api_request import ApiRequest

_EQUALS = re.compile(r"(?P<name>[#\w.]+)\s*=\s*(?P<value>:\w+)")
_EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
_NAME = re.compile(r"(?<![\w.:#])(?P<name>#?[A-Za-z_]\w*)(?!\w*\s*\()")
_WORDS = frozenset({"add", "and", "between", "delete", "in", "not", "or", "remove", "set"})
_ITEMS = (
    "AttributeUpdates",
    "Expected",
    "Item",
    "Key",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
)


def of_request(request: ApiRequest, account_id: str) -> dict[str, list[str]]:
    """dynamodb:LeadingKeys, dynamodb:Attributes and dynamodb:FullTableScan."""
    keys = {
        "dynamodb:attributes": list(dict.fromkeys(_attributes(request))),
        "dynamodb:leadingkeys": list(_leading_keys(request, account_id)),
    }
    found = {name: values for name, values in keys.items() if values}
    return {**found, "dynamodb:fulltablescan": [str(request.action == "Scan").lower()]}


def _attributes(request: ApiRequest) -> Iterator[str]:
    """The attributes at the top of items that a request names."""
    for _, asked in _by_table(request.parameters):
        for member in _ITEMS:
            yield from asked.get(member) or ()
        yield from asked.get("AttributesToGet") or ()
        aliases = asked.get("ExpressionAttributeNames") or {}
        for expression in _EXPRESSIONS:
            for found in _NAME.finditer(str(asked.get(expression) or "")):
                name = found["name"]
                if name.lower() not in _WORDS:
                    yield str(aliases.get(name, name))


def _leading_keys(request: ApiRequest, account_id: str) -> Iterator[str]:
    """The partition keys of the items that a request is about."""
    tables = dynamodb_backends[account_id][request.region].tables
    for table_name, asked in _by_table(request.parameters):
        table = tables.get(table_name)
        if table is None:
            continue
        name = table.hash_key_attr
        for item in (asked.get("Key"), asked.get("Item")):
            if isinstance(item, Mapping) and name in item:
                yield from _texts(item[name])
        aliases = asked.get("ExpressionAttributeNames") or {}
        values = asked.get("ExpressionAttributeValues") or {}
        for equal in _EQUALS.finditer(str(asked.get("KeyConditionExpression") or "")):
            if aliases.get(equal["name"], equal["name"]) == name and equal["value"] in values:
                yield from _texts(values[equal["value"]])
        for value in (asked.get("KeyConditions") or {}).get(name, {}).get("AttributeValueList", []):
            yield from _texts(value)


def _by_table(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is asked of each table: a request of its own, or a member of a batch or transaction."""
    if "TableName" in parameters:
        yield str(parameters["TableName"]), parameters
    batch = parameters.get("RequestItems")
    for table_name, asked in batch.items() if isinstance(batch, Mapping) else ():
        if isinstance(asked, Mapping):
            yield from ((table_name, {"Key": key}) for key in asked.get("Keys", []))
        else:
            yield from ((table_name, part) for write in asked for part in write.values())
    for operation in parameters.get("TransactItems", []):
        yield from ((str(part.get("TableName", "")), part) for part in operation.values())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (str(inner) for inner in value.values())
