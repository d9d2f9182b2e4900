"""PartiQL statements that moto's parser does not read are refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.parsing import partiql

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(partiql, get_query_metadata=_reading(partiql.get_query_metadata))


def _reading(moto_read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(statement: str) -> Any:
        try:
            return moto_read(statement)
        except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise MockValidationException(
                f"The local AWS does not read this PartiQL statement: {statement}"
            ) from None

    return read
