"""Query and Scan: the index that is read, and what can be asked of it.

A local index fetches from its table what it does not hold itself; a global one does not.

Source: Query and Scan in the DynamoDB API Reference ("Select"); "Key condition expressions" in the
Amazon DynamoDB Developer Guide; answers of the real DynamoDB as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import LocalSecondaryIndex, SecondaryIndex, Table
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import expression_parser
from local_aws.control_plane.dynamodb.expression_checks import Scope
from local_aws.control_plane.dynamodb.expression_parser import (
    Path,
    UnreadableError,
    Value,
    calls_in,
    leaves_in,
)

_fetches: ContextVar[bool] = ContextVar("fetches", default=False)
"""Whether the index that is read fetches whole items from its table."""

_moto_project = SecondaryIndex.project


def install() -> None:
    moto_seams.replace(SecondaryIndex, project=_project)
    moto_seams.replace(
        DynamoHandler,
        query=_checked(DynamoHandler.query, _query_flaws),
        scan=_checked(DynamoHandler.scan, _scan_flaws),
    )


def is_fetched(request: Mapping[str, Any], index: SecondaryIndex | None) -> bool:
    """Whether a read of the index needs the table's items, too."""
    if not isinstance(index, LocalSecondaryIndex):
        return False
    return request.get("Select") == "ALL_ATTRIBUTES" or bool(_not_projected(request, index))


def index_of(table: Table, request: Mapping[str, Any]) -> SecondaryIndex | None:
    """The index that a Query or Scan reads; None for the table itself, or one that is not there."""
    return next(
        (each for each in table.all_indexes() if each.name == request.get("IndexName")), None
    )


def _checked(
    read: Callable[[DynamoHandler], ActionResult],
    flaws: Callable[[Table, SecondaryIndex | None, Mapping[str, Any]], Iterator[str]],
) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        index = index_of(table, self.body)
        for flaw in (*_index_flaws(index, self.body), *flaws(table, index, self.body)):
            raise MockValidationException(flaw)
        token = _fetches.set(is_fetched(self.body, index))
        try:
            return read(self)
        finally:
            _fetches.reset(token)

    return answer


def _project(self: SecondaryIndex, item: Item) -> Item:
    return item if _fetches.get() else _moto_project(self, item)


def _index_flaws(index: SecondaryIndex | None, request: Mapping[str, Any]) -> Iterator[str]:
    name = request.get("IndexName")
    if name is not None and index is None:
        yield f"The table does not have the specified index: {name}"
    elif index is not None and not isinstance(index, LocalSecondaryIndex):
        missing = _not_projected(request, index)
        if missing:
            yield (
                f"One or more parameter values were invalid: Global secondary index {name} does "
                f"not project [{', '.join(missing)}]"
            )


def _not_projected(request: Mapping[str, Any], index: SecondaryIndex) -> list[str]:
    """The attributes that a request projects and the index does not hold."""
    projection = index.projection or {}
    if projection.get("ProjectionType") == "ALL":
        return []
    held = {*index.table_key_attrs, *index.schema_key_attrs}
    held.update(projection.get("NonKeyAttributes", []))
    return [name for name in dict.fromkeys(_projected(request)) if name not in held]


def _projected(request: Mapping[str, Any]) -> Iterable[str]:
    expression = request.get("ProjectionExpression")
    if expression is None:
        return request.get("AttributesToGet") or ()
    try:
        return _heads(expression_parser.projection(expression), request)
    except UnreadableError:  # moto says so
        return ()


def _heads(paths: Iterable[Path], request: Mapping[str, Any]) -> list[str]:
    """The attribute in which each path begins."""
    scope = Scope(request.get("ExpressionAttributeNames") or {}, {})
    return [str(scope.resolved(path)[0]) for path in paths]


def _query_flaws(
    table: Table, index: SecondaryIndex | None, request: Mapping[str, Any]
) -> Iterator[str]:
    keys = index.schema_key_attrs if index else table.table_key_attrs
    yield from _filtered_key_flaws(keys, request)
    try:
        yield from _key_type_flaws(table, request)
    except UnreadableError:  # moto says so
        return


def _filtered_key_flaws(keys: Iterable[str], request: Mapping[str, Any]) -> Iterator[str]:
    """A filter sees what the key condition has selected."""
    filters = {"QueryFilter": list(request.get("QueryFilter") or ())}
    expression = request.get("FilterExpression")
    if expression is not None:
        try:
            leaves = leaves_in(expression_parser.condition(expression).tree)
        except UnreadableError:  # moto says so
            return
        paths = [leaf for leaf in leaves if isinstance(leaf, Path)]
        filters["Filter Expression"] = _heads(paths, request)
    for kind, names in filters.items():
        for key in keys:
            if key in names:
                yield (
                    f"{kind} can only contain non-primary key attributes: Primary key attribute: "
                    f"{key}"
                )


def _key_type_flaws(table: Table, request: Mapping[str, Any]) -> Iterator[str]:
    expression = request.get("KeyConditionExpression")
    if expression is None:
        return
    types = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    values = request.get("ExpressionAttributeValues") or {}
    for call in calls_in(expression_parser.condition(expression).tree):
        paths = [each for each in call.operands if isinstance(each, Path)]
        given = [
            next(iter(values.get(each.name, ())), None)
            for each in call.operands
            if isinstance(each, Value)
        ]
        for name in _heads(paths, request):
            if any(types.get(name, kind) != kind for kind in given):
                yield (
                    "One or more parameter values were invalid: Condition parameter type does not "
                    "match schema type"
                )


def _scan_flaws(
    _table: Table, _index: SecondaryIndex | None, request: Mapping[str, Any]
) -> Iterator[str]:
    segment, total = request.get("Segment"), request.get("TotalSegments")
    if segment is not None and total is not None and segment >= total:
        yield "The Segment parameter is zero-based and must be less than parameter TotalSegments"
