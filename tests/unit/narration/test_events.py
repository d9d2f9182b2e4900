"""CloudFormation's events as lines, and as they come."""

from __future__ import annotations

import threading
from typing import Any

from narration.events import StackEvents, in_progress, lines

STACK = "arn:aws:cloudformation:us-east-1:1:stack/demo/1"


def event(number: int, name: str, status: str, reason: str = "") -> dict[str, Any]:
    return {
        "EventId": str(number),
        "StackId": STACK,
        "LogicalResourceId": name,
        "PhysicalResourceId": STACK if name == "demo" else name.lower(),
        "ResourceStatus": status,
        **({"ResourceStatusReason": reason} if reason else {}),
    }


CREATION = [
    event(1, "demo", "CREATE_IN_PROGRESS"),
    event(2, "DocExampleRecommendationServiceTable", "CREATE_IN_PROGRESS"),
    event(3, "Role", "CREATE_IN_PROGRESS"),
    event(4, "Role", "CREATE_COMPLETE"),
    event(5, "Old", "DELETE_IN_PROGRESS"),
]


class CloudFormation:
    """What a client answers: the events so far, the newest first."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = list(events)
        self.asked: list[str] = []
        self.looked = threading.Event()

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.asked.append(StackName)
        if len(self.asked) > 2:
            self.looked.set()
        if not self.events:
            raise ValueError("Stack [demo] does not exist")
        return {"StackEvents": self.events[::-1]}


def test_what_has_ended_is_named_by_what_became_of_it() -> None:
    ended = [
        *CREATION,
        event(6, "Group", "UPDATE_COMPLETE"),
        event(7, "Topic", "CREATE_FAILED", "it is there already"),
        event(8, "demo", "CREATE_COMPLETE"),
    ]
    assert lines(ended) == [
        "created Role",
        "updated Group",
        "Topic CREATE_FAILED: it is there already",
    ]


def test_what_goes_on_is_what_has_begun_and_not_ended() -> None:
    assert in_progress(CREATION) == "creating Table; deleting Old"
    assert in_progress([*CREATION, event(6, "Old", "DELETE_COMPLETE")]) == "creating Table"
    assert in_progress([]) == ""


def test_events_of_earlier_operations_are_no_news() -> None:
    said: list[tuple[str, bool]] = []
    cloudformation = CloudFormation(event(1, "Old", "CREATE_COMPLETE"))
    followed = StackEvents(cloudformation, "demo", lambda *each: said.append(each), seconds=600)
    cloudformation.events.append(event(2, "New", "CREATE_COMPLETE"))
    followed.end()
    assert said == [("created New", True)]


def test_resources_are_told_while_the_operation_goes_on_each_once() -> None:
    said: list[tuple[str, bool]] = []
    cloudformation = CloudFormation()
    followed = StackEvents(cloudformation, "demo", lambda *each: said.append(each), seconds=0.01)
    cloudformation.events += CREATION
    assert cloudformation.looked.wait(10)
    while not followed.in_progress:
        cloudformation.looked.wait(0.01)
    followed.end()
    assert said == [("created Role", False)]
    # By its id from then on: a stack that is deleted has no name any more.
    assert cloudformation.asked[0] == "demo"
    assert cloudformation.asked[-1] == STACK
