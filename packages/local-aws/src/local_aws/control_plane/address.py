"""The URL at which this control plane is reached, for services that return URLs of their own."""

from __future__ import annotations

_open: list[str] = []


def opened(endpoint: str) -> None:
    """Called once the endpoint listens, without a slash at its end."""
    _open.append(endpoint)


def closed(endpoint: str) -> None:
    """Called when it listens no more; one that never did is no matter."""
    if endpoint in _open:
        _open.remove(endpoint)


def current() -> str:
    """That of the latest endpoint which listens."""
    return _open[-1] if _open else "http://127.0.0.1"
