"""PartiQL statements that moto's parser does not read are refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.parsing import partiql

from local_aws.control_plane import moto_seams

_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
_COMPARISON = re.compile(r"\s*(<>|<=|>=|=|<|>)\s*")


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
        spaced = _with_spaces(statement)
        read(spaced)
        try:
            return moto_query(spaced, source_data, parameters)
        except (AttributeError, IndexError, TypeError):  # its parser was lost
            raise _unread(statement) from None

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
