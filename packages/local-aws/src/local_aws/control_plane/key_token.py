"""Pages of a list that has an order: a token names the item that was shown last, not how many were.

What is created or deleted between two requests, and a request with other filters, neither shows an
item twice nor leaves one out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Place = tuple[Any, ...]
"""Strings and numbers by which items are in order; no two items have the same."""


def page(
    action: str,
    items: Iterable[_Item],
    place: Callable[[_Item], _Place],
    token: str | None,
    most: int,
    *,
    is_descending: bool = False,
) -> tuple[list[_Item], str | None]:
    """The items behind the one that the token names, in order, and the token of the next page.

    Raises ValueError, with the token in its words, for one that no page of the action gave.
    """
    found = sorted(items, key=place, reverse=is_descending)
    if token:
        last = _read(action, token)
        try:
            found = [
                item
                for item in found
                if (place(item) < last if is_descending else place(item) > last)
            ]
        except TypeError:
            raise _no_page(action, token) from None
    shown = found[:most]
    return shown, _write(action, place(shown[-1])) if shown and len(found) > most else None


def _write(action: str, last: _Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([action, *last]).encode()).decode()


def _read(action: str, token: str) -> _Place:
    try:
        named, *last = json.loads(base64.urlsafe_b64decode(token))
    except (TypeError, ValueError):
        raise _no_page(action, token) from None
    if named != action or not last:
        raise _no_page(action, token)
    return tuple(last)


def _no_page(action: str, token: str) -> ValueError:
    return ValueError(f"{token!r} names no page of {action}")
