"""What a stack consists of, and why it failed, found among its events."""

from __future__ import annotations

from types import SimpleNamespace

from ansible.module_utils.resilience.first_boot import failure_in
from ansible.module_utils.resilience.stacks import (
    failed_instances,
    failures,
    latest_operation,
    resources,
)

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/1"


def event(logical_id: str, status: str, reason: str = "") -> dict[str, str]:
    return {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": ARN if logical_id == "demo" else logical_id.lower(),
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def test_the_cause_comes_first_and_what_it_cancelled_not_at_all() -> None:
    newest_first = [
        event("demo", "ROLLBACK_FAILED", "The following resource(s) failed to delete: [Table]. "),
        event("Table", "DELETE_FAILED", "it is protected"),
        event("demo", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [A]."),
        event("B", "CREATE_FAILED", "Resource creation cancelled"),
        event("A", "CREATE_FAILED", "the name is taken"),
        event("demo", "CREATE_IN_PROGRESS", "User Initiated"),
    ]

    assert failures(latest_operation(newest_first, ARN)) == [
        "A CREATE_FAILED: the name is taken",
        "Table DELETE_FAILED: it is protected",
    ]


def test_what_an_earlier_operation_failed_with_does_not_count() -> None:
    older = [
        event("A", "CREATE_FAILED", "long ago"),
        event("demo", "CREATE_IN_PROGRESS", "User Initiated"),
    ]
    newest_first = iter(
        [
            event("A", "DELETE_FAILED"),
            event("demo", "DELETE_IN_PROGRESS", "User Initiated"),
            *older,
        ]
    )

    assert failures(latest_operation(newest_first, ARN)) == ["A DELETE_FAILED: no reason given"]
    assert list(newest_first) == older  # not even read


def test_the_instances_that_signalled_failure_in_the_latest_operation_are_named() -> None:
    signal = "Received FAILURE signal with UniqueId {}".format
    newest_first = [
        event("demo", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [G]."),
        event("G", "CREATE_FAILED", "Received 2 FAILURE signal(s) out of 3."),
        event("G", "CREATE_IN_PROGRESS", signal("i-0123456789abcdef2")),
        event(
            "G", "CREATE_IN_PROGRESS", "Received SUCCESS signal with UniqueId i-0123456789abcdef3"
        ),
        event("G", "CREATE_IN_PROGRESS", signal("i-0123456789abcdef1")),
        event("demo", "CREATE_IN_PROGRESS", "User Initiated"),
        event("G", "UPDATE_IN_PROGRESS", signal("i-0123456789abcdef0")),
    ]

    assert failed_instances(latest_operation(newest_first, ARN)) == [
        "i-0123456789abcdef1",
        "i-0123456789abcdef2",
    ]


def test_an_instances_last_word_on_its_console_says_why() -> None:
    console = (
        "[   9.1] python3[812]: first boot failed: download: refused\r\n"
        "2026-11-27T03:00:00Z systemd: web.service: ended with status 1\n"
        "first boot failed: digest: another one\n"
    )

    assert failure_in(console) == "first boot failed: digest: another one"
    assert failure_in("[   0.0] Linux version 6.1\n") is None


def test_a_resource_that_was_deleted_is_none_of_the_stacks() -> None:
    table, group = event("Table", "CREATE_COMPLETE"), event("Group", "DELETE_COMPLETE")
    answer = {"StackResources": [table, group]}
    client = SimpleNamespace(describe_stack_resources=lambda **_: answer)
    assert resources(client, ARN) == [table]
