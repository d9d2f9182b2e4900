"""Attributes of queues."""

from __future__ import annotations

import json
from typing import Any


def test_a_policy_stays_when_another_attribute_is_set(aws: Any, unique_name: str) -> None:
    """API_SetQueueAttributes: it sets the attributes that the request names."""
    sqs = aws("sqs")
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "sqs:SendMessage",
                    "Resource": f"arn:aws:sqs:us-east-1:123456789012:{unique_name}",
                }
            ],
        }
    )
    made = sqs.create_queue(QueueName=unique_name, Attributes={"Policy": policy})
    queue = {"QueueUrl": made["QueueUrl"]}

    def attributes() -> dict[str, str]:
        found = sqs.get_queue_attributes(**queue, AttributeNames=["All"])
        return dict(found["Attributes"])

    sqs.set_queue_attributes(**queue, Attributes={"DelaySeconds": "5"})
    assert attributes()["DelaySeconds"] == "5"
    assert json.loads(attributes()["Policy"]) == json.loads(policy)

    sqs.set_queue_attributes(**queue, Attributes={"Policy": ""})
    assert "Policy" not in attributes()
    sqs.delete_queue(**queue)
