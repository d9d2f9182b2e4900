"""Where a bucket's notifications go: it must be there.

Source: API_PutBucketNotificationConfiguration.
"""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_EVENTS = {"Events": ["s3:ObjectCreated:*"]}
_HERE = "us-east-1:123456789012"


@pytest.mark.parametrize(
    "configuration",
    [
        {"QueueConfigurations": [{"QueueArn": f"arn:aws:sqs:{_HERE}:none", **_EVENTS}]},
        {"TopicConfigurations": [{"TopicArn": f"arn:aws:sns:{_HERE}:none", **_EVENTS}]},
        {
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": f"arn:aws:lambda:{_HERE}:function:none", **_EVENTS}
            ]
        },
    ],
    ids=["queue", "topic", "function"],
)
def test_a_destination_that_is_not_there(
    s3: Any, bucket: str, configuration: dict[str, Any]
) -> None:
    """InvalidArgument, in words that users reported, unless SkipDestinationValidation says so."""
    request = {"Bucket": bucket, "NotificationConfiguration": configuration}
    assert refusal_of(s3.put_bucket_notification_configuration, **request) == (
        400,
        "InvalidArgument",
        "Unable to validate the following destination configurations",
    )
    s3.put_bucket_notification_configuration(**request, SkipDestinationValidation=True)
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    assert len(found[next(iter(configuration))]) == 1


@pytest.mark.parametrize("arn", ["arn:aws:sqs:moon-1:123456789012:q", "arn:aws:sqs:none"])
def test_an_arn_of_nothing(s3: Any, bucket: str, arn: str) -> None:
    """The same: another region than AWS has, and no ARN of a queue."""
    refused = refusal_of(
        s3.put_bucket_notification_configuration,
        Bucket=bucket,
        NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, **_EVENTS}]},
    )
    assert refused[:2] == (400, "InvalidArgument")


def test_a_queue_and_a_topic_that_are_there(
    aws: Any, s3: Any, bucket: str, unique_name: str, topic: str
) -> None:
    """The same."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]

    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": queue["QueueArn"], **_EVENTS}],
            "TopicConfigurations": [{"TopicArn": topic, **_EVENTS}],
        },
    )

    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    bodies = [
        each["Body"]
        for each in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    ]
    assert any("ObjectCreated:Put" in body for body in bodies)
