"""The expressions of a request, with the names and values that it defines for them.

Source: "Expression attribute names" and "Using expression attribute values" in the Amazon DynamoDB
Developer Guide; answers of the real DynamoDB as they have been recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local_aws.control_plane.dynamodb import expression_checks, request_flaws

KINDS = (
    *("UpdateExpression", "ConditionExpression", "FilterExpression", "KeyConditionExpression"),
    *("ProjectionExpression",),
)
_WITH_VALUES = {
    "UpdateItem": ("UpdateExpression", "ConditionExpression"),
    "Update": ("UpdateExpression", "ConditionExpression"),
    "Query": ("FilterExpression", "KeyConditionExpression"),
    "Scan": ("FilterExpression",),
}
"""The expressions of an operation that take values; of any other, its ConditionExpression."""
_BRIEF = ("PutItem", "DeleteItem")
"""Operations that do not say which expressions are missing."""
_PLACEHOLDERS = {
    "ExpressionAttributeNames": re.compile(r"#\w+", re.ASCII),
    "ExpressionAttributeValues": re.compile(r":\w+", re.ASCII),
}


def check(action: str, request: Mapping[str, Any]) -> None:
    """Raise DynamodbException for what an operation, alone or in a batch, says wrongly."""
    for name, operation in _operations(action, request):
        for flaw in _flaws(name, operation):
            raise request_flaws.error(action, flaw)


def _operations(action: str, request: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each with its name, which is shorter in a transaction: "Update"."""
    yield action, request
    for item in request.get("TransactItems") or ():
        yield from item.items()
    for of_table in (request.get("RequestItems") or {}).values():
        if isinstance(of_table, Mapping):
            yield action, of_table


def _flaws(name: str, operation: Mapping[str, Any]) -> Iterator[str]:
    texts = {kind: operation[kind] for kind in KINDS if operation.get(kind) is not None}
    given = {each: operation[each] for each in _PLACEHOLDERS if operation.get(each) is not None}
    for parameter, placeholders in given.items():
        if not texts:
            absent = _absent(name, parameter)
            yield f"{parameter} can only be specified when using expressions{absent}"
        if not placeholders:
            yield f"{parameter} must not be empty"
        for key in placeholders:
            if not _PLACEHOLDERS[parameter].fullmatch(key):
                yield f'{parameter} contains invalid key: Syntax error; key: "{key}"'
    yield from _expression_flaws(texts, given)


def _expression_flaws(
    texts: Mapping[str, str], given: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    names, values = (given.get(each, {}) for each in _PLACEHOLDERS)
    scope = expression_checks.Scope(names, values)
    for kind, text in texts.items():
        flaw = expression_checks.flaw_of(kind, text, scope)
        if flaw is not None:
            yield f"Invalid {kind}: {flaw}"
    key_flaw = expression_checks.key_flaw_of(texts.get("KeyConditionExpression", ""))
    if key_flaw is not None:
        yield key_flaw
    for parameter, placeholders in given.items():
        unused = ", ".join(key for key in placeholders if not _is_used(key, scope, texts))
        if unused:
            yield f"Value provided in {parameter} unused in expressions: keys: {{{unused}}}"


def _absent(operation: str, parameter: str) -> str:
    """Which expressions are missing, where DynamoDB says so: those that take values."""
    if parameter != "ExpressionAttributeValues" or operation in _BRIEF:
        return ""
    kinds = _WITH_VALUES.get(operation, ("ConditionExpression",))
    return f": {' and '.join(kinds)} {'are' if len(kinds) > 1 else 'is'} null"


def _is_used(key: str, scope: expression_checks.Scope, texts: Mapping[str, str]) -> bool:
    """An expression that only moto reads may use it, too."""
    return key in scope.used or any(
        re.search(rf"{re.escape(key)}(?!\w)", text) for text in texts.values()
    )
