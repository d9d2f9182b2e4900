"""A cancellation that comes while a resource begins."""

from __future__ import annotations

import time

from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.resource_steps import ResourceSteps
from local_aws.control_plane.cloudformation.stack import Declaration, Stack


def test_a_cancellation_before_a_mailbox_opens_ends_the_wait_for_signals() -> None:
    stack = Stack("arn/1", "stack", "1", "us-east-1", Declaration("", {}, {}, {}, {}))
    operation = Operation(stack, lambda _: None)
    began = time.monotonic()

    operation.cancel()
    with ResourceSteps(stack, operation).mailbox("One") as mailbox:
        received = mailbox.wait_for_successes(1, 1, timeout_seconds=30)

    assert received == {}
    assert time.monotonic() - began < 10
