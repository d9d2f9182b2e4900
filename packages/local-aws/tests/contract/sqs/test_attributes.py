"""Attributes of queues."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of
from signed_requests import refusal


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


def test_a_policys_statements_are_a_list(aws: Any, unique_name: str) -> None:
    """community.aws's tests of sqs_queue, which run on AWS; API_AddPermission adds one more."""
    sqs = aws("sqs")
    alone = {"Sid": "one", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": alone})
    queue = sqs.create_queue(QueueName=unique_name, Attributes={"Policy": policy})["QueueUrl"]

    def statements() -> list[dict[str, Any]]:
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
        return list(json.loads(found["Attributes"]["Policy"])["Statement"])

    assert statements() == [alone]
    sqs.add_permission(
        QueueUrl=queue, Label="two", AWSAccountIds=["123456789012"], Actions=["SendMessage"]
    )
    assert [each["Sid"] for each in statements()] == ["one", "two"]
    sqs.delete_queue(QueueUrl=queue)


def test_which_attribute_of_a_queue_differs_is_said(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: QueueAlreadyExists."""
    sqs = aws("sqs")
    queue = {"QueueUrl": sqs.create_queue(QueueName=unique_name)["QueueUrl"]}
    words = (
        "A queue already exists with the same name and a different value for attribute DelaySeconds"
    )
    with pytest.raises(ClientError, match=f"{words}$") as refused:
        sqs.create_queue(
            QueueName=unique_name, Attributes={"VisibilityTimeout": "30", "DelaySeconds": "2"}
        )
    assert refused.value.response["Error"]["Code"] == "QueueAlreadyExists"
    sqs.delete_queue(**queue)


def test_attributes_that_exclude_each_other_and_malformed_ones_are_refused(
    aws: Any, unique_name: str
) -> None:
    """Recorded from AWS: InvalidAttributeName, InvalidParameterValue."""
    sqs = aws("sqs")
    policy = json.dumps({"deadLetterTargetArn": "dummy", "maxReceiveCount": 42})
    for attributes, code, words in (
        (
            {"SqsManagedSseEnabled": "true", "KmsMasterKeyId": "key"},
            "InvalidAttributeName",
            (
                "You can use one type of server-side encryption (SSE) at one time. You can either "
                "enable KMS SSE or SQS SSE."
            ),
        ),
        (
            {"RedrivePolicy": policy},
            "InvalidParameterValue",
            (
                f"Value {policy} for parameter RedrivePolicy is invalid. Reason: Invalid value for "
                "deadLetterTargetArn."
            ),
        ),
    ):
        with pytest.raises(ClientError) as refused:
            sqs.create_queue(QueueName=unique_name, Attributes=attributes)
        error = refused.value.response["Error"]
        assert (error["Code"], error["Message"]) == (code, words)


def test_an_asterisk_stands_for_all_attributes_of_a_message(aws: Any, unique_name: str) -> None:
    """Recorded from AWS; API_ReceiveMessage: MessageAttributeNames."""
    sqs = aws("sqs")
    queue = {"QueueUrl": sqs.create_queue(QueueName=unique_name)["QueueUrl"]}
    attributes = {name: {"DataType": "String", "StringValue": name} for name in ("a", "b")}
    sqs.send_message(**queue, MessageBody="body", MessageAttributes=attributes)
    for names in (["*"], [".*"], ["All"]):
        [message] = sqs.receive_message(**queue, VisibilityTimeout=0, MessageAttributeNames=names)[
            "Messages"
        ]
        assert message["MessageAttributes"] == attributes
    sqs.delete_queue(**queue)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DelaySeconds", "soon", "InvalidAttributeValue"),
        ("VisibilityTimeout", "-1", "InvalidAttributeValue"),
        ("ApproximateNumberOfMessages", "1", "InvalidAttributeName"),
        ("QueueArn", "a", "InvalidAttributeName"),
        ("Policy", "any", "InvalidAttributeValue"),
        ("Policy", "[]", "InvalidAttributeValue"),
        ("RedrivePolicy", "any", "InvalidParameterValue"),
        ("RedrivePolicy", "1", "InvalidParameterValue"),
        ("RedrivePolicy", "[]", "InvalidParameterValue"),
    ],
)
def test_an_attribute_that_cannot_be_set_is_refused(
    aws: Any, unique_name: str, name: str, value: str, code: str
) -> None:
    """API_CreateQueue, API_SetQueueAttributes: the attributes that can be set, and their values."""
    sqs = aws("sqs")
    assert refusal(sqs.create_queue, QueueName=unique_name, Attributes={name: value}) == (400, code)
    queue = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    refused = refusal(sqs.set_queue_attributes, QueueUrl=queue, Attributes={name: value})
    assert refused == (400, code)


def test_a_prefix_is_no_expression(aws: Any, unique_name: str) -> None:
    """API_ListQueues: "A string to use for filtering the list results"."""
    sqs = aws("sqs")
    queue = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    assert sqs.list_queues(QueueNamePrefix=unique_name)["QueueUrls"] == [queue]
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix="[]")
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix=f".{unique_name[1:]}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DelaySeconds", "901"),
        ("KmsDataKeyReusePeriodSeconds", "59"),
        ("MaximumMessageSize", "1023"),
        ("MessageRetentionPeriod", "59"),
        ("ReceiveMessageWaitTimeSeconds", "21"),
        ("VisibilityTimeout", "43201"),
    ],
)
def test_a_number_has_its_range(aws: Any, unique_name: str, name: str, value: str) -> None:
    """API_SetQueueAttributes, API_CreateQueue: the valid values of each attribute."""
    sqs = aws("sqs")
    words = f"Invalid value for the parameter {name}."
    wrong = {name: value}
    refused = refusal_of(sqs.create_queue, QueueName=unique_name, Attributes=wrong)
    assert refused == (400, "InvalidAttributeValue", words)
    queue = {"QueueUrl": sqs.create_queue(QueueName=unique_name)["QueueUrl"]}
    assert refusal_of(sqs.set_queue_attributes, **queue, Attributes=wrong)[2] == words
    unknown = refusal_of(sqs.set_queue_attributes, **queue, Attributes={"None": "1"})
    assert unknown == (400, "InvalidAttributeName", "Unknown Attribute None.")
    sqs.delete_queue(**queue)


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"deadLetterTargetArn": "{arn}"}, "mandatory attribute: maxReceiveCount."),
        ({"maxReceiveCount": 1}, "mandatory attribute: deadLetterTargetArn."),
        (
            {"deadLetterTargetArn": "{arn}", "maxReceiveCount": 1001},
            "maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
        ),
        (
            {"deadLetterTargetArn": "{arn}-none", "maxReceiveCount": 1},
            "Dead letter target does not exist.",
        ),
    ],
)
def test_a_redrive_policy_names_a_queue_and_a_number(
    aws: Any, unique_name: str, policy: dict[str, Any], reason: str
) -> None:
    """Reported of AWS: InvalidParameterValue, with the policy and the reason."""
    sqs = aws("sqs")
    queue = {"QueueUrl": sqs.create_queue(QueueName=unique_name)["QueueUrl"]}
    arn = f"arn:aws:sqs:us-east-1:123456789012:{unique_name}"
    given = json.dumps(policy).replace("{arn}", arn)
    refused = refusal_of(sqs.set_queue_attributes, **queue, Attributes={"RedrivePolicy": given})
    assert refused[:2] == (400, "InvalidParameterValue")
    assert refused[2].startswith(f"Value {given} for parameter RedrivePolicy is invalid. Reason: ")
    assert refused[2].endswith(reason)
    sqs.delete_queue(**queue)


def test_dead_letters_are_in_a_queue_of_the_same_type(aws: Any, unique_name: str) -> None:
    """SQS Developer Guide: "the dead-letter queue of a FIFO queue must also be a FIFO queue"; the
    words are those that users reported of AWS."""
    sqs = aws("sqs")
    fifo = {"QueueName": f"{unique_name}.fifo", "Attributes": {"FifoQueue": "true"}}
    queues = [sqs.create_queue(**given)["QueueUrl"] for given in (fifo, {"QueueName": unique_name})]
    for queue, other in (queues, queues[::-1]):
        found = sqs.get_queue_attributes(QueueUrl=other, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": found["Attributes"]["QueueArn"], "maxReceiveCount": 1}
        words = "Dead-letter queue must be same type of queue as the source.."
        refused = refusal_of(
            sqs.set_queue_attributes,
            QueueUrl=queue,
            Attributes={"RedrivePolicy": json.dumps(policy)},
        )
        assert refused[:2] == (400, "InvalidParameterValue")
        assert refused[2].endswith(f"for parameter RedrivePolicy is invalid. Reason: {words}")
    for queue in queues:
        sqs.delete_queue(QueueUrl=queue)


def test_a_fifo_queues_name_ends_in_fifo(aws: Any, unique_name: str) -> None:
    """API_CreateQueue, FifoQueue: the name "must end with the .fifo suffix"."""
    fifo = {"FifoQueue": "true"}
    refused = refusal_of(aws("sqs").create_queue, QueueName=unique_name, Attributes=fifo)
    assert refused[:2] == (400, "InvalidParameterValue")
    assert "must end with .fifo suffix" in refused[2]


def test_one_encryption_takes_the_place_of_the_other(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: a KMS key disables SSE-SQS, and SSE-SQS leaves no key."""
    sqs = aws("sqs")
    key = {"KmsMasterKeyId": "alias/own", "KmsDataKeyReusePeriodSeconds": "6000"}
    queue = {"QueueUrl": sqs.create_queue(QueueName=unique_name, Attributes=key)["QueueUrl"]}

    def encryption() -> dict[str, str]:
        names = [*key, "SqsManagedSseEnabled"]
        return dict(sqs.get_queue_attributes(**queue, AttributeNames=names)["Attributes"])

    assert encryption() == {**key, "SqsManagedSseEnabled": "false"}
    sqs.set_queue_attributes(**queue, Attributes={"SqsManagedSseEnabled": "true"})
    assert encryption() == {"SqsManagedSseEnabled": "true"}
    sqs.set_queue_attributes(**queue, Attributes=key)
    assert encryption() == {**key, "SqsManagedSseEnabled": "false"}


def test_a_queue_stays_of_its_type(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: SetQueueAttributes takes FifoQueue of FIFO queues only, and only true."""
    sqs = aws("sqs")
    standard = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    fifo = sqs.create_queue(QueueName=f"{unique_name}.fifo", Attributes={"FifoQueue": "true"})

    def refused(url: str, value: str) -> tuple[int, str, str]:
        asked = {"QueueUrl": url, "Attributes": {"FifoQueue": value}}
        return refusal_of(sqs.set_queue_attributes, **asked)

    words = "Unknown Attribute FifoQueue."
    assert refused(standard, "true") == (400, "InvalidAttributeName", words)
    assert refused(fifo["QueueUrl"], "false")[1] == "InvalidAttributeValue"
    sqs.set_queue_attributes(QueueUrl=fifo["QueueUrl"], Attributes={"FifoQueue": "true"})
    sqs.send_message(QueueUrl=standard, MessageBody="still a standard queue")


def test_times_of_a_queue_are_in_seconds(aws: Any, unique_name: str) -> None:
    """API_GetQueueAttributes: CreatedTimestamp, LastModifiedTimestamp."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    names = ["CreatedTimestamp", "LastModifiedTimestamp"]
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert all(time.isdecimal() for time in shown.values())
