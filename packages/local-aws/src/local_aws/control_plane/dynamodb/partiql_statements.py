"""PartiQL statements that moto's parser does not read are refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.parsing import partiql

from local_aws.control_plane import moto_seams


def install() -> None:
    read = _reading(partiql.get_query_metadata)
    moto_seams.replace(partiql, get_query_metadata=read, query=_executing(read, partiql.query))


def _reading(moto_read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(statement: str) -> Any:
        try:
            return moto_read(statement)
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
        return moto_query(statement, source_data, parameters)

    return execute


def _unread(statement: str) -> MockValidationException:
    return MockValidationException(
        f"The local AWS does not read this PartiQL statement: {statement}"
    )
