"""Pages of a list whose items come and go meanwhile: a token names the item that was shown last.

An item's key is its place in the list's order, and does not change: no page repeats an item or
leaves one out because others came or went.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TypeVar

from moto.cloudformation.exceptions import ValidationError

_PAGE_SIZE = 100

Item = TypeVar("Item")


def page(
    action: str,
    token: str | None,
    items: Sequence[Item],
    key: Callable[[Item], str],
    *,
    newest_first: bool = False,
) -> tuple[list[Item], str | None]:
    """One page, and the token of the next.

    Keys rise through the list; with `newest_first` they fall. Raises ValidationError for a token
    that no page of the action gave.
    """
    rest = sorted(items, key=key, reverse=newest_first)
    if token:
        last = _read(action, token)
        rest = [each for each in rest if (key(each) < last if newest_first else key(each) > last)]
    shown = rest[:_PAGE_SIZE]
    return shown, _write(action, key(shown[-1])) if len(rest) > len(shown) else None


def _write(action: str, key: str) -> str:
    return base64.urlsafe_b64encode(f"{action}:{key}".encode()).decode()


def _read(action: str, token: str) -> str:
    try:
        name, separator, key = base64.urlsafe_b64decode(token).decode().partition(":")
    except ValueError:
        name, separator, key = "", "", ""
    if name != action or not separator:
        raise ValidationError(message="NextToken is invalid")
    return key
