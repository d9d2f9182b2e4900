"""Operations on stacks run in the background, one for each stack at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from local_aws.control_plane import wiring
from local_aws.control_plane.cloudformation.stack import Stack
from local_aws.control_plane.lock import LOCK

_LOG = logging.getLogger(__name__)

_STATUS_OF_A_FAILURE = {
    "CREATE_IN_PROGRESS": "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS": "ROLLBACK_FAILED",
    "DELETE_IN_PROGRESS": "DELETE_FAILED",
    "UPDATE_IN_PROGRESS": "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS": "UPDATE_ROLLBACK_FAILED",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_ROLLBACK_COMPLETE",
}
"""The status of a stack whose operation died, so that nobody waits for it for ever."""

_HOLD_ANSWER_SECONDS = 1.5
"""How long CreateStack and its like wait for the end before they answer. Ansible polls a stack
each 5 s, so an operation that is over within this time is seen as over at the first look."""

_running: dict[str, Operation] = {}
"""By the stack's id: each request is answered by an object of its own, and finds them here."""
_started_by_this_request = threading.local()


class OvertakenError(Exception):
    """Another operation runs on the stack now: this one has nothing more to do."""


class Operation:
    """One create, update or delete of a stack.

    `cancelled` is set to stop it: by CancelUpdateStack, or by a deletion while a creation runs.
    """

    def __init__(self, stack: Stack, work: Callable[[Operation], None]) -> None:
        self.stack = stack
        self.cancelled = threading.Event()
        self.on_cancel: Callable[[], None] = lambda: None
        self._work = work
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"stack-{stack.name}", daemon=True)

    def cancel(self) -> None:
        """Ask the operation to stop; what it waits for is interrupted."""
        self.cancelled.set()
        self.on_cancel()

    def require_running(self) -> None:
        """Raise OvertakenError once another operation runs on the stack; call it with the lock."""
        if running(self.stack) is not self:
            raise OvertakenError

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether it finished within the time. Never call it with the lock held."""
        return self._finished.wait(timeout_seconds)

    def _run(self) -> None:
        try:
            self._work(self)
        except OvertakenError:
            pass
        except Exception as error:  # noqa: BLE001 - the engine reports failures: this is its own
            _LOG.exception("the operation on stack %s failed", self.stack.name)
            with LOCK:
                status = _STATUS_OF_A_FAILURE.get(self.stack.status)
                if status and running(self.stack) is self:
                    self.stack.set_status(status, f"Internal Failure: {error}")
        finally:
            with LOCK:  # in which the next one starts
                if running(self.stack) is self:
                    del _running[self.stack.stack_id]
            self._finished.set()
            wiring.current().on_change()


def start(stack: Stack, work: Callable[[Operation], None]) -> Operation:
    """Run `work` in the background; the request that starts it may wait for its end.

    Call it with the lock held.
    """
    operation = Operation(stack, work)
    _running[stack.stack_id] = operation
    _started_by_this_request.operation = operation
    operation._thread.start()
    return operation


def running(stack: Stack) -> Operation | None:
    """The operation that runs on the stack now."""
    return _running.get(stack.stack_id)


def end_of_started() -> Callable[[], None] | None:
    """A wait for the operation that this thread's request has started, once; None without any."""
    operation: Operation | None = getattr(_started_by_this_request, "operation", None)
    _started_by_this_request.operation = None
    if operation is None:
        return None

    def wait() -> None:
        operation.wait(_HOLD_ANSWER_SECONDS)

    return wait
