"""Lists of alarms and of their history in pages of MaxRecords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterValue
from moto.cloudwatch.responses import CloudWatchResponse

_MOST = 100


def page(response: CloudWatchResponse, found: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
    """The page that the request asks for, and the token of the next; None after the last.

    Raises InvalidParameterValue for a token that is none.
    """
    token = response._get_param("NextToken") or "0"
    if not (token.isascii() and token.isdecimal()):
        raise InvalidParameterValue("Request parameter NextToken is invalid")
    start = int(token)
    end = start + min(_MOST, response._get_int_param("MaxRecords", _MOST))
    return found[start:end], str(end) if end < len(found) else None
