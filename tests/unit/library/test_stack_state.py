"""stack_state: what it says of a stack that failed, and of a call that failed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from botocore.exceptions import ClientError
from stack_state import StackOperations

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/1"
INSTANCE = "i-0123456789abcdef0"
OPTIONS = {"timeout_seconds": 1, "interval_seconds": 0}


def denied(operation: str) -> Callable[..., Any]:
    def call(**_: Any) -> Any:
        error = {"Code": "UnauthorizedOperation", "Message": "You are not authorized."}
        raise ClientError({"Error": error}, operation)

    return call


def event(logical_id: str, status: str, reason: str) -> dict[str, str]:
    return {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": ARN if logical_id == "demo" else logical_id,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def operations(status: str, **calls: Callable[..., Any]) -> StackOperations:
    """On a stack whose group failed, because one instance signalled FAILURE."""
    newest_first = [
        event("Group", "CREATE_FAILED", "Received 1 FAILURE signal(s) out of 3."),
        event("Group", "CREATE_IN_PROGRESS", f"Received FAILURE signal with UniqueId {INSTANCE}"),
        event("demo", "CREATE_IN_PROGRESS", "User Initiated"),
    ]
    stack = {"StackId": ARN, "StackStatus": status}
    answers: dict[str, Callable[..., Any]] = {
        "describe_stacks": lambda **_: {"Stacks": [stack]},
        "describe_stack_events": lambda **_: {"StackEvents": newest_first},
    }
    names = ("continue_update_rollback", "delete_stack", "get_console_output")
    client = SimpleNamespace(**{name: denied(name) for name in names} | answers | calls)
    return StackOperations(lambda _: client, "demo", OPTIONS, check_mode=False)


def test_the_consoles_line_follows_the_stacks_own_reasons() -> None:
    output = {"Output": "booting\nfirst boot failed: digest: another program\n"}
    found = operations("ROLLBACK_COMPLETE", get_console_output=lambda **_: output)

    assert found.reasons() == [
        "Group CREATE_FAILED: Received 1 FAILURE signal(s) out of 3.",
        f"{INSTANCE}: first boot failed: digest: another program",
    ]


def test_a_console_that_may_not_be_read_hides_no_other_reason() -> None:
    own, console = operations("ROLLBACK_COMPLETE").reasons()

    assert own == "Group CREATE_FAILED: Received 1 FAILURE signal(s) out of 3."
    assert console.startswith(f"the console of {INSTANCE} could not be read: An error occurred ")
    assert "UnauthorizedOperation" in console


@pytest.mark.parametrize(
    ("status", "operate", "said"),
    [
        ("ROLLBACK_COMPLETE", StackOperations.remove, "delete the stack"),
        ("UPDATE_ROLLBACK_FAILED", StackOperations.settle, "continue the rollback of"),
    ],
)
def test_a_call_that_fails_is_named(
    status: str, operate: Callable[[StackOperations], None], said: str
) -> None:
    with pytest.raises(AnsibleAWSError, match=rf"^Failed to {said} {ARN}: An error occurred "):
        operate(operations(status))
