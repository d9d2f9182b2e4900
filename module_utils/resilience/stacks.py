# GNU General Public License v3.0+ (see LICENSE)
"""What CloudFormation says of a stack: status, tags, resources, and why something in it failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_message

GONE = "DELETE_COMPLETE"
ROLLBACK_FAILED = "UPDATE_ROLLBACK_FAILED"
IN_REVIEW = "REVIEW_IN_PROGRESS"
ONLY_DELETABLE = (
    "CREATE_FAILED",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "DELETE_FAILED",
    IN_REVIEW,
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html"""

_CONSEQUENCES = ("cancelled", "The following resource(s) failed")
"""Reasons of what failed only because something else did."""

_FAILURE_SIGNAL = re.compile(r"Received FAILURE signal with UniqueId (i-[0-9a-f]{8,17})$")

Stack = Mapping[str, Any]
Event = Mapping[str, Any]


def describe(cloudformation: Any, name_or_arn: str) -> Stack | None:
    """The stack as DescribeStacks returns it; None when there is none.

    By name only a living one is found, by ARN one that was deleted, too.
    """

    def described(**request: Any) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = cloudformation.describe_stacks(**request)
        except is_boto3_error_message("does not exist"):
            return {"Stacks": []}
        return found

    stacks = aws_call(f"describe the stack {name_or_arn}", described, StackName=name_or_arn)
    return next(iter(stacks["Stacks"]), None)


def is_in_progress(status: str) -> bool:
    """Whether CloudFormation works on it. In review it waits for somebody to begin."""
    return status.endswith("_IN_PROGRESS") and status != IN_REVIEW


def is_usable(status: str | None) -> bool:
    """Whether the stack can be updated, now or when what is in progress has ended."""
    return status not in (None, GONE, ROLLBACK_FAILED, *ONLY_DELETABLE)


def tags_of(stack: Stack) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}


def parameters_of(stack: Stack) -> dict[str, str]:
    return {row["ParameterKey"]: row["ParameterValue"] for row in stack.get("Parameters", [])}


def outputs_of(stack: Stack) -> dict[str, str]:
    return {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}


def resources(cloudformation: Any, arn: str) -> list[Mapping[str, Any]]:
    """The stack's resources as DescribeStackResources returns them, without those it deleted."""
    answer = aws_call(
        f"describe the resources of {arn}", cloudformation.describe_stack_resources, StackName=arn
    )
    rows: list[Mapping[str, Any]] = answer["StackResources"]
    return [row for row in rows if row["ResourceStatus"] != "DELETE_COMPLETE"]


def events(cloudformation: Any, arn: str) -> Iterator[Event]:
    """The stack's events, the newest first."""
    request = {"StackName": arn}
    while True:
        page = aws_call(
            f"describe the events of {arn}", cloudformation.describe_stack_events, **request
        )
        yield from page["StackEvents"]
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def latest_operation(newest_first: Iterable[Event], arn: str) -> list[Event]:
    """The events of the stack's resources in its latest operation, the oldest first.

    Older events are not read.
    """
    operation = takewhile(lambda event: not _begins(event, arn), newest_first)
    return [event for event in operation if event.get("PhysicalResourceId") != arn][::-1]


def failures(operation: Iterable[Event]) -> list[str]:
    """Why it failed, the cause first: "Table CREATE_FAILED: it exists already" for each resource.

    What failed only because something else did is left out.
    """
    found = []
    for event in operation:
        status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
        if status.endswith("_FAILED") and not any(each in reason for each in _CONSEQUENCES):
            found.append(f"{event['LogicalResourceId']} {status}: {reason or 'no reason given'}")
    return list(dict.fromkeys(found))


def failed_instances(operation: Iterable[Event]) -> list[str]:
    """The ids of the instances that signalled FAILURE in it, the first one first."""
    reasons = (event.get("ResourceStatusReason", "") for event in operation)
    return list(dict.fromkeys(found[1] for found in map(_FAILURE_SIGNAL.match, reasons) if found))


def _begins(event: Event, arn: str) -> bool:
    """Whether an operation began with it. AWS: "User Initiated" is the reason then."""
    return (
        event.get("PhysicalResourceId") == arn
        and event["ResourceStatus"].endswith("_IN_PROGRESS")
        and "User Initiated" in event.get("ResourceStatusReason", "")
    )
