"""What waits for a worker: health checks in a line of their own.

Behind a crowd a check would come too late, or be refused. The load balancer would take the instance
away, and give its load to the others, which have enough of their own.
https://aws.amazon.com/builders-library/using-load-shedding-to-avoid-overload/
"""

from collections import deque
from queue import Queue
from typing import Any

from .connection import Connection

MOST_USERS = 1000
MOST_CHECKS = 100
LONG = 100  # users, who take some 20 ms; it costs time to tell a check from a user


class Backlog(Queue[Any]):
    """Gives from both lines in turn: a flood of checks does not keep users waiting either."""

    def _init(self, _maxsize: int) -> None:
        self._users: deque[Any] = deque()
        self._checks: deque[Any] = deque()
        self._lines = self._checks, self._users  # in the order of their turns

    def is_long(self) -> bool:
        """Whether a check would wait for the users longer than it should."""
        return len(self._users) >= LONG

    def has_place(self, conn: Connection) -> bool:
        """Whether its line is not full; true for as long as nobody else puts."""
        if conn.is_check:
            return len(self._checks) < MOST_CHECKS
        return len(self._users) < MOST_USERS

    def _qsize(self) -> int:
        return len(self._users) + len(self._checks)

    def _put(self, item: Any) -> None:
        """A connection, or cheroot's sign for a worker to end, which waits behind the users."""
        is_check = isinstance(item, Connection) and item.is_check
        (self._checks if is_check else self._users).append(item)

    def _get(self) -> Any:
        first, second = self._lines
        if not first:
            return second.popleft()
        self._lines = second, first
        return first.popleft()
