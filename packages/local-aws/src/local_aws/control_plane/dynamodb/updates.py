"""What an update makes of an item: exact numbers, and lists that grow in the order of indexes.

An update that names no attribute creates the item (API_UpdateItem).

Source: "Update expressions" in the Amazon DynamoDB Developer Guide (an element beyond the end of a
list is appended; several are, in the order of their numbers) and "Data types": 38 digits.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

from moto.dynamodb.exceptions import IncorrectDataType
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing import expressions
from moto.dynamodb.parsing.ast_nodes import (  # type: ignore[attr-defined] # moto has no types
    ExpressionSelector,
    Node,
    UpdateExpression,
    UpdateExpressionSetAction,
)
from moto.dynamodb.parsing.validators import UpdateExpressionFunctionEvaluator
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import numbers

_EXACT = Context(prec=400)
"""More digits than a sum of two of DynamoDB's numbers has."""

_moto_update_item = DynamoHandler.update_item
_moto_normalize = UpdateExpression.normalize


def install() -> None:
    moto_seams.replace(DynamoType, __add__=_exactly(_EXACT.add), __sub__=_exactly(_EXACT.subtract))
    moto_seams.replace(UpdateExpression, normalize=_normalize)
    moto_seams.replace(expressions, UpdateExpressionGroupedValue=_in_brackets)
    moto_seams.replace(
        UpdateExpressionFunctionEvaluator, get_list_from_ddb_typed_value=classmethod(_list_of)
    )
    moto_seams.replace(DynamoHandler, update_item=_update_item)


def _update_item(self: DynamoHandler) -> Any:
    if self.body.get("UpdateExpression") is None:
        self.body.setdefault("AttributeUpdates", {})
    return _moto_update_item(self)


def _exactly(calculate: Callable[[Decimal, Decimal], Decimal]) -> Any:
    def result(self: DynamoType, other: DynamoType) -> DynamoType:
        if not (self.is_number() and other.is_number()):
            raise IncorrectDataType
        number = calculate(Decimal(self.value), Decimal(other.value))
        return DynamoType({"N": numbers.canonical(str(number))})

    return result


def _in_brackets(children: Node) -> Node:
    """A value in brackets is a value like any other; moto's own node takes no value."""
    return children


def _normalize(self: UpdateExpression) -> None:
    """Sets of elements come by their indexes, in the places where such sets are."""
    _moto_normalize(self)
    indexes = {place: _index_of(action) for place, action in enumerate(self.children)}
    by_index = {place: index for place, index in indexes.items() if index is not None}
    in_order = [self.children[place] for place in sorted(by_index, key=by_index.__getitem__)]
    for place, action in zip(by_index, in_order, strict=True):
        self.children[place] = action


def _index_of(action: Any) -> int | None:
    """The index of the list's element that an action sets, or None."""
    if not isinstance(action, UpdateExpressionSetAction):
        return None
    last = action.children[0].children[-1]
    return last.get_index() if isinstance(last, ExpressionSelector) else None


def _list_of(_cls: type, node: Any, function_name: str) -> DynamoType:  # noqa: ARG001 - as moto calls it
    """What list_append takes; an item's attribute of another type only the item shows."""
    value: DynamoType = node.get_value()
    if not value.is_list():
        raise IncorrectDataType
    return value
