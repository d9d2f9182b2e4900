"""What CloudFormation does to a stack's resources, from the stack's own events.

DescribeStackEvents returns them newest first, a hundred at once
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from safeguards.ownership import LOGICAL_IDS

Event = Mapping[str, Any]

POLL_SECONDS = 4.0
_VERBS = {
    "CREATE_COMPLETE": "created",
    "UPDATE_COMPLETE": "updated",
    "DELETE_COMPLETE": "deleted",
    "DELETE_SKIPPED": "kept",
}
_PROGRESS = {
    "CREATE_IN_PROGRESS": "creating",
    "UPDATE_IN_PROGRESS": "updating",
    "DELETE_IN_PROGRESS": "deleting",
}


def lines(events: Iterable[Event]) -> list[str]:
    """What has been done, the oldest first, one line a kind: "created Table, SSMTableName"."""
    done: dict[str, list[str]] = {}
    failed = []
    for event in events:
        name, status = short(event["LogicalResourceId"]), event["ResourceStatus"]
        if is_stack(event):
            continue
        if status in _VERBS:
            done.setdefault(_VERBS[status], []).append(name)
        elif status.endswith("_FAILED"):
            why = event.get("ResourceStatusReason", "no reason given")
            failed.append(f"{name} {status}: {why}")
    return [f"{verb} {', '.join(dict.fromkeys(names))}" for verb, names in done.items()] + failed


def in_progress(events: Iterable[Event]) -> str:
    """What has begun and not ended: "creating LoadBalancer, AutoScalingGroup"; oldest first."""
    going: dict[str, str] = {}
    for event in events:
        if is_stack(event):
            continue
        name = short(event["LogicalResourceId"])
        going.pop(name, None)
        if event["ResourceStatus"] in _PROGRESS:
            going[name] = _PROGRESS[event["ResourceStatus"]]
    verbs = dict.fromkeys(going.values())
    return "; ".join(
        f"{verb} {', '.join(name for name, its in going.items() if its == verb)}" for verb in verbs
    )


def short(logical_id: str) -> str:
    """Without what every logical id of this project's template begins with."""
    return logical_id.removeprefix(LOGICAL_IDS) or logical_id


def is_stack(event: Event) -> bool:
    """Whether the event is of the stack itself."""
    return bool(event.get("PhysicalResourceId") == event["StackId"])


class StackEvents:
    """Follows one operation on a stack from another thread, which neither forks nor imports."""

    def __init__(
        self,
        client: Any,
        stack: str,
        say: Callable[[str, bool], None],
        seconds: float = POLL_SECONDS,
    ) -> None:
        """`say` gets a line, and whether the operation has ended. What is there by now is old.

        The first call is made here, so that the thread has nothing left to import while Ansible
        forks.
        """
        self._client = client
        self._stack = stack
        self._say = say
        self._seconds = seconds
        self._over = threading.Event()
        self._events: list[Event] = []
        self._known: set[str] = set()
        self._look()
        self._events = []
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    @property
    def in_progress(self) -> str:
        return in_progress(list(self._events))

    def end(self) -> None:
        """The operation has ended: say what has come since the last look."""
        self._over.set()
        self._thread.join()
        self._say_new(is_over=True)

    def _follow(self) -> None:
        while not self._over.wait(self._seconds):
            self._say_new(is_over=False)

    def _say_new(self, *, is_over: bool) -> None:
        for line in lines(self._look()):
            self._say(line, is_over)

    def _look(self) -> Sequence[Event]:
        """The new events, the oldest first; none when there is no such stack, or no answer."""
        try:
            answer = self._client.describe_stack_events(StackName=self._stack)
        except Exception:  # noqa: BLE001 - the task that works on the stack says what is wrong
            return []
        new = [each for each in answer["StackEvents"] if each["EventId"] not in self._known]
        if new:
            # By its id: a stack that is deleted is not found by its name.
            self._stack = new[0]["StackId"]
        new.reverse()
        self._known.update(each["EventId"] for each in new)
        self._events.extend(new)
        return new
