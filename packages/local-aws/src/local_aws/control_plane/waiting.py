"""Requests that wait for something, while every other one is answered.

    with waiting.on_behalf_of(Client(...)):     the endpoint, around a request
        waiting.for_something(look, seconds)    a service that answers it, under LOCK

Each looks again and again: what it waits for may come by any request, and by time alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from local_aws.control_plane import lock

_SECONDS_BETWEEN_LOOKS = 0.05

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Client:
    """Who waits for the answer. By default somebody who waits for as long as it takes."""

    is_gone: Callable[[], bool] = lambda: False
    """Whether nobody would read the answer any more."""
    makes_room: Callable[[], AbstractContextManager[None]] = nullcontext
    """Within it the client waits, and another one can be answered in its place."""


_client: ContextVar[Client] = ContextVar("client", default=Client())  # noqa: B039 - it is frozen


@contextmanager
def on_behalf_of(client: Client) -> Iterator[None]:
    """What waits within it, in this thread, waits on behalf of the client."""
    token = _client.set(client)
    try:
        yield
    finally:
        _client.reset(token)


def for_something(look: Callable[[], _Found | None], seconds: float) -> _Found | None:
    """Look again and again until something is found; None after this long. Call it under LOCK.

    When the client leaves, nothing more is looked for: what is found is often taken, too.
    """
    if seconds <= 0:
        return None
    client = _client.get()
    end = time.monotonic() + seconds
    with client.makes_room():
        while (left := end - time.monotonic()) > 0:
            lock.wait(min(left, _SECONDS_BETWEEN_LOOKS))
            if client.is_gone():
                break
            found = look()
            if found is not None:
                return found
    return None
