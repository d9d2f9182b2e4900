"""Each attribute value is of exactly one data type, no set is empty, and 32 levels are the most.

moto takes the first type that it finds.

Source: API_AttributeValue in the DynamoDB API Reference; answers of the real DynamoDB as users
reported them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.utils import get_service_model
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import request_flaws

_EXACTLY_ONE = "must contain exactly one of the supported datatypes"
_NONE = f"Supplied AttributeValue is empty, {_EXACTLY_ONE}"
_SEVERAL = f"Supplied AttributeValue has more than one datatypes set, {_EXACTLY_ONE}"
_NO_WRITE = "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
_WRITES = "TransactItems can only contain one of Check, Put, Update or Delete"
_CHOICES = {
    "AttributeValue": (_NONE, _SEVERAL),
    "WriteRequest": (_SEVERAL, _SEVERAL),
    "TransactWriteItem": (_NO_WRITE, _WRITES),
}
"""What is said of none and of several, by the structures that have exactly one member."""
_EMPTY_SETS = {
    "SS": "An string set  may not be empty",
    "NS": "An number set  may not be empty",
    "BS": "Binary sets should not be empty",
}
"""What is said of them, letter by letter."""
_DEEPEST = 32
_WITH_OWN_WORDS = ("ExpressionAttributeValues",)
_WITHOUT_WRAPPER = ("PutItem", "UpdateItem", "DeleteItem", "Query")
"""Operations that do not say in which expression value a flaw is."""


def install() -> None:
    moto_seams.replace(DynamoHandler, call_action=_checked(DynamoHandler.call_action))


def _checked(call_action: Callable[[DynamoHandler], Any]) -> Any:
    def call(self: DynamoHandler) -> Any:
        action = self._get_action()
        request = dict(getattr(self, "params", {}))
        values = request.pop(_WITH_OWN_WORDS[0], {}) if action in _WITHOUT_WRAPPER else {}
        shape = _input(action)
        for flaw in (*_flaws(shape, request), *_value_flaws(shape, values)):
            raise request_flaws.error(action, flaw)
        return call_action(self)

    return call


@functools.cache
def _input(action: str) -> Shape | None:
    model = get_service_model("dynamodb")
    return model.operation_model(action).input_shape if action in model.operation_names else None


def _flaws(shape: Shape | None, value: Any, prefix: str = "", suffix: str = "") -> Iterator[str]:
    """What DynamoDB says of each structure that has not exactly one of its members."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        given = [name for name in shape.members if value.get(name) is not None]
        if shape.name in _CHOICES and len(given) != 1:
            yield f"{prefix}{_CHOICES[shape.name][len(given) > 1]}{suffix}"
        elif shape.name == "AttributeValue" and (invalid := _invalid(value)):
            yield f"{prefix}One or more parameter values were invalid: {invalid}{suffix}"
        elif shape.name == "AttributeValue" and _depth(value) > _DEEPEST:
            yield f"{prefix}Nesting Levels have exceeded supported limits{suffix}"
        for name in given:
            yield from _member_flaws(name, shape.members[name], value[name], prefix, suffix)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for each in value:
            yield from _flaws(shape.member, each, prefix, suffix)
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        for each in value.values():
            yield from _flaws(shape.value, each, prefix, suffix)


def _value_flaws(shape: Shape | None, values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with expression values, without the words about where it is."""
    if isinstance(shape, StructureShape) and isinstance(values, Mapping):
        of_value = shape.members[_WITH_OWN_WORDS[0]].value if values else None
        for each in values.values():
            yield from _flaws(of_value, each)


def _invalid(value: Mapping[str, Any]) -> str | None:
    """What is wrong with a value of the right type."""
    if value.get("NULL") is False:
        return "Null attribute value types must have the value of true"
    return next((words for kind, words in _EMPTY_SETS.items() if value.get(kind) == []), None)


def _depth(value: Mapping[str, Any], most: int = _DEEPEST) -> int:
    """How many lists and maps are in each other; no further than is looked at."""
    if most < 0:
        return 1
    inner = [*value.get("L", ()), *value.get("M", {}).values()]
    is_document = "L" in value or "M" in value
    return is_document + max((_depth(each, most - 1) for each in inner), default=0)


def _member_flaws(name: str, shape: Shape, value: Any, prefix: str, suffix: str) -> Iterator[str]:
    if name not in _WITH_OWN_WORDS or not isinstance(shape, MapShape):
        yield from _flaws(shape, value, prefix, suffix)
        return
    for key, each in value.items():
        yield from _flaws(shape.value, each, f"{name} contains invalid value: ", f" for key {key}")
