"""Messages that SNS takes, and how they arrive."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import refusal_of

MOST = 262_144
ENDPOINT = "arn:aws:sns:us-east-1:123456789012:endpoint/APNS/none/0f7d5971-aa8b-4bd5-b585-0826e9f9"


@pytest.fixture
def sns(unchecked: Any) -> Any:
    return unchecked("sns")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Message": ""}, "Empty message"),
        ({"Message": "m", "Subject": ""}, "Subject"),
        ({"Message": "m", "Subject": "s" * 101}, "Subject"),
        ({"Message": "m" * (MOST + 1)}, "Message too long"),
        (
            {
                "Message": "m" * MOST,
                "MessageAttributes": {"a": {"DataType": "String", "StringValue": "1"}},
            },
            "Message too long",
        ),
        (
            {"Message": "{no", "MessageStructure": "json"},
            "Message Structure - JSON message body failed to parse",
        ),
        (
            {"Message": '{"sqs": "m"}', "MessageStructure": "json"},
            "Message Structure - No default entry in JSON message body",
        ),
        (
            {"Message": '{"default": {}}', "MessageStructure": "json"},
            "Message Structure - No default entry in JSON message body",
        ),
    ],
)
def test_a_message_that_is_none_is_refused(
    sns: Any, topic: str, given: dict[str, Any], words: str
) -> None:
    """Recorded from AWS: InvalidParameter."""
    refused = refusal_of(sns.publish, TopicArn=topic, **given)
    assert refused == (400, "InvalidParameter", f"Invalid parameter: {words}")


def test_a_message_goes_to_what_is_there(sns: Any, topic: str) -> None:
    """Recorded from AWS: NotFound of a topic, InvalidParameter of an endpoint."""
    gone = refusal_of(sns.publish, TopicArn=f"{topic}-gone", Message="m")
    assert gone == (404, "NotFound", "Topic does not exist")
    words = "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified"
    refused = refusal_of(sns.publish, TargetArn=ENDPOINT, Message="m")
    assert refused == (400, "InvalidParameter", words)
    empty = refusal_of(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[])
    assert empty[:2] == (400, "EmptyBatchRequest")


def test_messages_of_a_fifo_topic_have_groups_and_numbers(sns: Any, unique_name: str) -> None:
    """API_Publish: MessageGroupId, MessageDeduplicationId, SequenceNumber."""
    fifo = {"FifoTopic": "true"}
    topic = sns.create_topic(Name=f"{unique_name}.fifo", Attributes=fifo)["TopicArn"]
    group = {"TopicArn": topic, "Message": "m", "MessageGroupId": "g"}
    words = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
    assert refusal_of(sns.publish, TopicArn=topic, Message="m")[2] == words
    assert "ContentBasedDeduplication enabled" in refusal_of(sns.publish, **group)[2]
    numbers = [
        int(sns.publish(**group, MessageDeduplicationId=each)["SequenceNumber"]) for each in "ab"
    ]
    assert (numbers[0] < numbers[1], len(str(numbers[0]))) == (True, 20)
    sns.delete_topic(TopicArn=topic)


def test_a_message_says_how_its_reader_ends_the_subscription(
    sns: Any, aws: Any, topic: str, unique_name: str
) -> None:
    """Recorded from AWS: UnsubscribeURL has the ARN of the subscription."""
    sqs = aws("sqs")
    queue = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:123456789012:{unique_name}"
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    sns.publish(TopicArn=topic, Message="m")
    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    link = json.loads(message["Body"])["UnsubscribeURL"]
    assert link.endswith(f"?Action=Unsubscribe&SubscriptionArn={subscription}")
    sqs.delete_queue(QueueUrl=queue)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(n), "Message": "m"} for n in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "a b", "Message": "m"}], "InvalidBatchEntryId"),
        ([{"Id": "a", "Message": "m"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": n, "Message": "m" * (MOST // 2 + 1)} for n in "ab"], "BatchRequestTooLong"),
    ],
    ids=["none", "eleven", "id", "twice", "size"],
)
def test_a_batch_that_is_none_is_refused(
    sns: Any, topic: str, entries: list[dict[str, Any]], code: str
) -> None:
    """API_PublishBatch: its errors; 262,144 bytes of all messages together."""
    refused = refusal_of(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=entries)
    assert refused[:2] == (400, code)


def test_each_entry_of_a_batch_is_published_or_fails(sns: Any, topic: str) -> None:
    """API_PublishBatch: "The result of publishing each message is reported individually"."""
    entries = [{"Id": "a", "Message": "m"}, {"Id": "b", "Message": "m", "Subject": ""}]
    found = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [each["Id"] for each in found["Successful"]] == ["a"]
    refusal = {"Code": "InvalidParameter", "Message": "Invalid parameter: Subject"}
    assert found["Failed"] == [{"Id": "b", **refusal, "SenderFault": True}]


def test_a_phone_number_is_one(sns: Any) -> None:
    """Reported of AWS: InvalidParameter."""
    refused = refusal_of(sns.publish, PhoneNumber="abcd", Message="m")
    words = "Invalid parameter: PhoneNumber Reason: abcd is not valid to publish to"
    assert refused == (400, "InvalidParameter", words)
