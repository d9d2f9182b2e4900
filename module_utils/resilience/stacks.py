# GNU General Public License v3.0+ (see LICENSE)
"""What CloudFormation says of a stack: its status, its tags, and why something in it failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_message

_CONSEQUENCES = ("cancelled", "The following resource(s) failed")
"""Reasons of what failed only because something else did."""

_FAILURE_SIGNAL = re.compile(r"Received FAILURE signal with UniqueId (i-[0-9a-f]{8,17})$")

Stack = Mapping[str, Any]


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


def tags_of(stack: Stack) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}


def parameters_of(stack: Stack) -> dict[str, str]:
    return {row["ParameterKey"]: row["ParameterValue"] for row in stack.get("Parameters", [])}


def outputs_of(stack: Stack) -> dict[str, str]:
    return {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}


def failures(cloudformation: Any, arn: str) -> list[str]:
    """Why the latest operation failed, in the resources' own words, the cause first."""
    return failures_in(events(cloudformation, arn), arn)


def failed_instances(cloudformation: Any, arn: str) -> list[str]:
    """The ids of the instances that signalled FAILURE in the latest operation, the first first."""
    return failed_instances_in(events(cloudformation, arn), arn)


def events(cloudformation: Any, arn: str) -> Iterator[Mapping[str, Any]]:
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


def failures_in(newest_first: Iterator[Mapping[str, Any]], arn: str) -> list[str]:
    """As "Table CREATE_FAILED: it exists already" for each resource that failed by itself."""
    found = []
    for event in newest_first:
        status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
        if _begins(event, arn):
            break
        if event.get("PhysicalResourceId") == arn or not status.endswith("_FAILED"):
            continue
        if not any(each in reason for each in _CONSEQUENCES):
            found.append(f"{event['LogicalResourceId']} {status}: {reason or 'no reason given'}")
    return list(dict.fromkeys(reversed(found)))


def failed_instances_in(newest_first: Iterator[Mapping[str, Any]], arn: str) -> list[str]:
    """Those of "Received FAILURE signal with UniqueId i-..." events."""
    found = []
    for event in newest_first:
        if _begins(event, arn):
            break
        signal = _FAILURE_SIGNAL.match(event.get("ResourceStatusReason", ""))
        if signal:
            found.append(signal[1])
    return list(dict.fromkeys(reversed(found)))


def _begins(event: Mapping[str, Any], arn: str) -> bool:
    """Whether an operation began with it. AWS: "User Initiated" is the reason then."""
    return (
        event.get("PhysicalResourceId") == arn
        and event["ResourceStatus"].endswith("_IN_PROGRESS")
        and "User Initiated" in event.get("ResourceStatusReason", "")
    )
