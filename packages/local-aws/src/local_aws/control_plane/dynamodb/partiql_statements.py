"""PartiQL: statements that moto's parser does not read are refused by name; INSERT makes new items.

Source: "PartiQL insert statements for DynamoDB" in the Amazon DynamoDB Developer Guide, and
DuplicateItemException in the DynamoDB API Reference; its words as users reported them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from moto.dynamodb.exceptions import ERROR_TYPE_PREFIX, DynamodbException, MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import partiql

from local_aws.control_plane import moto_seams

_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
_COMPARISON = re.compile(r"\s*(<>|<=|>=|=|<|>)\s*")


_tables: ContextVar[Mapping[str, Table]] = ContextVar("tables")
"""The tables that the statement at hand is executed on."""

_moto_execute_statement = DynamoDBBackend.execute_statement


def install() -> None:
    read = _reading(partiql.get_query_metadata)
    moto_seams.replace(partiql, get_query_metadata=read, query=_executing(read, partiql.query))
    moto_seams.replace(DynamoDBBackend, execute_statement=_execute_statement)


def _execute_statement(self: DynamoDBBackend, statement: str, parameters: Any) -> Any:
    token = _tables.set(self.tables)
    try:
        return _moto_execute_statement(self, statement, parameters)
    finally:
        _tables.reset(token)


def _require_new(table: Table, items: list[dict[str, Any]]) -> None:
    """Raise DuplicateItemException for an item that the table has already."""
    for item in items:
        if any(name not in item for name in table.table_key_attrs):
            continue  # PutItem says so
        hash_key, *others = (DynamoType(item[name]) for name in table.table_key_attrs)
        if table.get_item(hash_key, next(iter(others), None)):
            raise DynamodbException(
                f"{ERROR_TYPE_PREFIX}DuplicateItemException",
                "Duplicate primary key exists in table",
            )


def _reading(moto_read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(statement: str) -> Any:
        try:
            return moto_read(_with_spaces(statement))
        except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise _unread(statement) from None
        except Exception as error:
            if type(error) is Exception:  # which the parser raises, without a word
                raise _unread(statement) from None
            raise

    return read


def _executing(
    read: Callable[[str], Any], moto_query: Callable[[str, Any, Any], Any]
) -> Callable[[str, Any, Any], Any]:
    def execute(statement: str, source_data: Any, parameters: Any) -> Any:
        read(statement)
        try:
            found, changes = moto_query(_with_spaces(statement), source_data, parameters)
        except (AttributeError, IndexError, TypeError):  # its parser was lost
            raise _unread(statement) from None
        for table_name, updates in changes.items():
            inserted = [after for before, after in updates if before is None and after is not None]
            _require_new(_tables.get()[table_name], inserted)
        return found, changes

    return execute


def _with_spaces(statement: str) -> str:
    """moto's parser takes `pk=?` for one word; what stands in quotes stays."""
    parts = _QUOTED.split(statement)
    return "".join(
        part if number % 2 else _COMPARISON.sub(r" \1 ", part) for number, part in enumerate(parts)
    )


def _unread(statement: str) -> MockValidationException:
    return MockValidationException(
        f"The local AWS does not read this PartiQL statement: {statement}"
    )
