"""Who is answered: only a browser, or a command, that means this page and is on this machine. Pure.

A page of another site could send requests here through the browser of whoever opened it. It cannot
choose `Host` (with a name of its own that resolves to 127.0.0.1 it sends that name), nor hide its
`Origin`, and it does not know the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

NAMES = ("127.0.0.1", "localhost")
"""The names by which the page may be called."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every reply."""


def stranger(headers: Mapping[str, str], port: int) -> str | None:
    """Why a request is not answered at all, in one line; None when it is."""
    hosts = [f"{name}:{port}" for name in NAMES]
    host = headers.get("Host", "")
    if host not in hosts:
        return f"This page is at {' and '.join(hosts)} only."
    origin = headers.get("Origin")
    if origin is not None and origin not in [f"http://{each}" for each in hosts]:
        return "This page answers no other page."
    is_followed = headers.get("Sec-Fetch-Dest") == "document"  # a link, which reads nothing
    is_own = headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    if not is_own and not is_followed:
        return "This page answers no other page."
    return None


def is_holder(headers: Mapping[str, str], token: str) -> bool:
    """Whether a request comes with the token: `Authorization: Bearer <token>`."""
    scheme, _, given = headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(
        given.encode("utf-8", "replace"), token.encode()
    )
