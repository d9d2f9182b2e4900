"""Expressions that are wrong, cannot be read, or stand beside what was before them, are refused.

Source: answers of the real DynamoDB as users reported them: "An expression attribute name used
in the document path is not defined".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import expression_requests, request_flaws, writes

_FORMER = (
    *("AttributeUpdates", "AttributesToGet", "ConditionalOperator", "Expected"),
    *("KeyConditions", "QueryFilter", "ScanFilter"),
)
"""Parameters of the time before expressions."""

_LIMITS = {"BatchWriteItem": writes.require_batch, "UpdateTable": writes.require_change}

_moto_parse = ConditionExpressionParser.parse


class UnreadExpressionError(Exception):
    """An expression that moto's parser does not read; what it is called is the request's."""

    def __init__(self, expression: str, words: str) -> None:
        super().__init__(words)
        self.expression = expression


def install() -> None:
    moto_seams.replace(
        ConditionExpressionParser,
        parse=_parse,
        _lookup_expression_attribute_name=_name,
        _lookup_expression_attribute_value=_value,
    )
    moto_seams.replace(DynamoHandler, call_action=_named(DynamoHandler.call_action))


def _name(self: ConditionExpressionParser, name: str) -> str:
    names = self.expression_attribute_names or {}
    if name not in names:
        words = "An expression attribute name used in the document path is not defined"
        raise UnreadExpressionError(
            self.condition_expression or "", f"{words}; attribute name: {name}"
        )
    return str(names[name])


def _value(self: ConditionExpressionParser, name: str) -> Any:
    values = self.expression_attribute_values or {}
    if name not in values:
        words = "An expression attribute value used in expression is not defined"
        raise UnreadExpressionError(
            self.condition_expression or "", f"{words}; attribute value: {name}"
        )
    return values[name]


def _parse(self: ConditionExpressionParser) -> Any:
    try:
        return _moto_parse(self)
    except ValueError:  # as moto's parser says that it cannot go on
        expression = self.condition_expression or ""
        words = f"Syntax error; the local AWS does not read: {expression}"
        raise UnreadExpressionError(expression, words) from None


def _require_one_kind(action: str, request: Mapping[str, Any]) -> None:
    """Either expressions or what was before them; a query needs one for its key."""
    former = [name for name in _FORMER if request.get(name)]
    expressions = [name for name in expression_requests.KINDS if request.get(name)]
    if former and expressions:
        raise request_flaws.error(
            action,
            "Can not use both expression and non-expression parameters in the same request: "
            f"Non-expression parameters: {{{', '.join(former)}}} Expression parameters: "
            f"{{{', '.join(expressions)}}}",
        )


def _require_key_condition(request: Mapping[str, Any]) -> None:
    if not (request.get("KeyConditions") or request.get("KeyConditionExpression")):
        raise MockValidationException(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
            "request."
        )


def _named(call_action: Callable[[DynamoHandler], Any]) -> Any:
    def call(self: DynamoHandler) -> Any:
        request = self._get_params()
        action = self._get_action()
        _require_one_kind(action, request)
        expression_requests.check(action, request)
        if action in _LIMITS:
            _LIMITS[action](request)
        if action == "Query":
            _require_key_condition(request)
        try:
            return call_action(self)
        except UnreadExpressionError as unread:
            is_filter = self.body.get("FilterExpression") == unread.expression
            kind = "FilterExpression" if is_filter else "ConditionExpression"
            raise request_flaws.error(action, f"Invalid {kind}: {unread}") from None

    return call
