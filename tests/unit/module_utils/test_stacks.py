"""Why a stack failed, found among its events."""

from __future__ import annotations

from ansible.module_utils.resilience.stacks import failures_in

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

    assert failures_in(iter(newest_first), ARN) == [
        "A CREATE_FAILED: the name is taken",
        "Table DELETE_FAILED: it is protected",
    ]


def test_what_an_earlier_operation_failed_with_does_not_count() -> None:
    newest_first = [
        event("A", "DELETE_FAILED"),
        event("demo", "DELETE_IN_PROGRESS", "User Initiated"),
        event("A", "CREATE_FAILED", "long ago"),
        event("demo", "CREATE_IN_PROGRESS", "User Initiated"),
    ]

    assert failures_in(iter(newest_first), ARN) == ["A DELETE_FAILED: no reason given"]
