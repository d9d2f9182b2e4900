"""ARNs of SQS queues, which the redrive policies of queues and of subscriptions name."""

from __future__ import annotations

import re

_QUEUE_ARN = re.compile(r"arn:[\w-]+:sqs:[\w-]+:\d+:[\w.-]+")


def is_queue_arn(given: object) -> bool:
    """Whether a policy's value has the form of a queue's ARN; the queue need not exist."""
    return _QUEUE_ARN.fullmatch(str(given)) is not None
