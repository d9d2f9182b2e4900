"""A page that ends by its Limit has a LastEvaluatedKey, also when no item follows.

Source: "Paginating table query results" in the Amazon DynamoDB Developer Guide: a page is the last
only if it has no such key.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models.table import Table

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import consumed_capacity

Page = tuple[list[Any], int, dict[str, Any] | None]
_AFTER_EVALUATION = ("filter_expression", "projection_expression", "projection_expressions")
"""What changes the items of a page once they were evaluated."""


def install() -> None:
    moto_seams.replace(Table, query=_with_key(Table.query), scan=_with_key(Table.scan))


def _with_key(read: Callable[..., Page]) -> Callable[..., Page]:
    signature = inspect.signature(read)

    def page(self: Table, *args: Any, **kwargs: Any) -> Page:
        items, scanned, key = read(self, *args, **kwargs)
        call = signature.bind(self, *args, **kwargs)
        limit = call.arguments.get("limit")
        ends_by_limit = key is None and limit and scanned == int(limit)
        if not (ends_by_limit or consumed_capacity.is_noted()):
            return items, scanned, key
        for name in _AFTER_EVALUATION:
            if name in signature.parameters:
                call.arguments[name] = None
        evaluated = read(*call.args, **call.kwargs)[0]
        consumed_capacity.note(evaluated)
        if not ends_by_limit:
            return items, scanned, key
        index_name = call.arguments.get("index_name")
        last = evaluated[-1] if evaluated else None
        return items, scanned, last and self._get_last_evaluated_key(last, index_name)

    return page
