"""Simple Workflow Service: polls for which there is no task."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_POLLS = 20


def test_polls_without_a_task_keep_each_other_not_waiting(aws: Any) -> None:
    """API_PollForDecisionTask: each is held for some time, and answered without a token."""
    swf = aws("swf")
    swf.register_domain(name="domain", workflowExecutionRetentionPeriodInDays="1")
    begun = time.monotonic()
    with ThreadPoolExecutor(_POLLS) as pool:
        polls = [
            pool.submit(swf.poll_for_decision_task, domain="domain", taskList={"name": "tasks"})
            for _ in range(_POLLS)
        ]
        assert not any(each.result().get("taskToken") for each in polls)
    assert time.monotonic() - begun < _POLLS / 2
