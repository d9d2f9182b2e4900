"""Signals: how instances report to CloudFormation that they serve, or never will.

AWS: SignalResource in the CloudFormation API Reference; "CreationPolicy attribute" and
"UpdatePolicy attribute" in the User Guide.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

SignalStatus = Literal["SUCCESS", "FAILURE"]


_LOOK_EACH_SECONDS = 0.1


class Mailbox:
    """The signals for one resource during one operation.

    A second signal with the same unique id is ignored, as on AWS. While somebody waits, `look` is
    called again and again, with the ids that are waited for or None for any: it may put signals.
    """

    def __init__(self) -> None:
        self.look: Callable[[Collection[str] | None], None] = lambda _: None
        self._received: dict[str, SignalStatus] = {}
        self._arrived = threading.Condition()
        self._closed = False

    def put(self, unique_id: str, status: SignalStatus) -> None:
        """Receive one signal."""
        with self._arrived:
            self._received.setdefault(unique_id, status)
            self._arrived.notify_all()

    def close(self) -> None:
        """Wake whoever waits: the operation was cancelled."""
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()

    def wait_for_successes(
        self, required: int, expected: int, timeout_seconds: float
    ) -> dict[str, SignalStatus]:
        """What came until `required` of `expected` signals are successes, or cannot be any more."""

        def decided(received: Mapping[str, SignalStatus]) -> bool:
            successes = sum(status == "SUCCESS" for status in received.values())
            return successes >= required or len(received) - successes > expected - required

        return self._wait(decided, None, timeout_seconds)

    def wait_for_ids(
        self, unique_ids: Sequence[str], timeout_seconds: float
    ) -> dict[str, SignalStatus]:
        """What came from these ids until each has signalled or the time is over."""
        wanted = set(unique_ids)
        received = self._wait(lambda got: wanted <= set(got), wanted, timeout_seconds)
        return {name: status for name, status in received.items() if name in wanted}

    def _wait(
        self,
        enough: Callable[[Mapping[str, SignalStatus]], bool],
        wanted: Collection[str] | None,
        timeout_seconds: float,
    ) -> dict[str, SignalStatus]:
        deadline = time.monotonic() + timeout_seconds
        while True:
            self.look(wanted)
            with self._arrived:
                remaining = deadline - time.monotonic()
                if self._closed or enough(self._received) or remaining <= 0:
                    return dict(self._received)
                self._arrived.wait(min(remaining, _LOOK_EACH_SECONDS))


class Mailboxes:
    """The open mailboxes, by stack id and logical id: a resource takes signals only then."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Mailbox] = {}

    def open(self, stack_id: str, logical_id: str) -> Mailbox:
        """A new mailbox, in the place of an earlier one of this resource."""
        mailbox = self._open[stack_id, logical_id] = Mailbox()
        return mailbox

    def find(self, stack_id: str, logical_id: str) -> Mailbox | None:
        """The open mailbox; None when the resource takes no signals now."""
        return self._open.get((stack_id, logical_id))

    def shut(self, stack_id: str, logical_id: str) -> None:
        """Take no more signals for the resource."""
        self._open.pop((stack_id, logical_id), None)


MAILBOXES = Mailboxes()
"""Those of this control plane: operations open them; SignalResource, which moto calls, finds
them."""
