"""Where the next page of a listing begins, as a NextToken that says of which listing it is."""

from __future__ import annotations

import base64


def write(action: str, offset: int) -> str:
    """The token of the page that begins with the listing's item of this number, from 0."""
    return base64.urlsafe_b64encode(f"{action}:{offset}".encode()).decode()


def read(action: str, token: str) -> int:
    """The offset that a token of this action names; 0 without a token.

    Raises ValueError, with the token in its words, for one that no page of the action gave.
    """
    if not token:
        return 0
    try:
        name, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
    except ValueError:
        name, offset = "", ""
    if name != action or not offset.isdecimal():
        raise ValueError(f"{token!r} names no page of {action}")
    return int(offset)
