"""All who look at the page: each gets every new state, made once, whatever their number."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

MOST = 40
"""Each holds a thread of the server."""
_QUIET_SECONDS = 5.0
"""After so long without news a line is sent, by which a viewer who is gone is noticed."""


class FullError(Exception):
    """Nobody else can look now."""


class Viewers:
    """`publish` is called by the sampler, `look` by the server for each viewer."""

    def __init__(self, first: Callable[[], str]) -> None:
        """`first` makes what somebody who begins to look must know."""
        self._first = first
        self._changed = threading.Condition()
        self._number = 0
        self._latest = ""
        self._looking = 0
        self._is_over = False

    def publish(self, state: str) -> None:
        """Hand this to everybody, unless it is what they have."""
        with self._changed:
            if state != self._latest:
                self._latest = state
                self._number += 1
                self._changed.notify_all()

    def look(self) -> Iterator[bytes]:
        """What somebody is sent, until they go or the page ends.

        Raises FullError, instead of the first event, when there is no place.
        """
        with self._changed:
            if self._looking >= MOST or self._is_over:
                raise FullError(f"{self._looking} are looking already")
            self._looking += 1
        try:
            yield b"retry: 1000\n" + event("history", self._first())
            seen = 0
            while True:
                with self._changed:
                    is_news = self._changed.wait_for(
                        lambda seen=seen: self._number != seen or self._is_over,  # type: ignore[misc]
                        _QUIET_SECONDS,
                    )
                    if self._is_over:
                        return
                    seen, state = self._number, self._latest
                yield event("state", state) if is_news else b": nothing new\n\n"
        finally:
            with self._changed:
                self._looking -= 1

    def close(self) -> None:
        """Let everybody go."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()


def event(name: str, data: str) -> bytes:
    """A server-sent event. JSON has no line breaks of its own."""
    return f"event: {name}\ndata: {data}\n\n".encode()
