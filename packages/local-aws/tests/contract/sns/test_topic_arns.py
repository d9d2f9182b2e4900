"""Topics are named by ARNs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from refusals import refusal_of
from signed_requests import RawClient


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("delete_topic", {}),
        ("get_topic_attributes", {}),
        ("list_subscriptions_by_topic", {}),
        ("publish", {"Message": "m"}),
        ("subscribe", {"Protocol": "sqs", "Endpoint": "e"}),
    ],
)
def test_a_topic_s_name_is_no_arn(aws: Any, call: str, given: dict[str, Any]) -> None:
    """Reported of AWS: InvalidParameter."""
    refused = refusal_of(getattr(aws("sns"), call), TopicArn="topic", **given)
    words = "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
    assert refused == (400, "InvalidParameter", words)


def test_a_message_needs_a_topic_a_target_or_a_phone_number(aws: Any) -> None:
    """https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""
    words = "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"
    refused = refusal_of(aws("sns").publish, Message="m")
    assert refused == (400, "InvalidParameter", words)


def test_a_message_attribute_has_a_type(aws: Any, raw: RawClient) -> None:
    """API_MessageAttributeValue, DataType: "Required: Yes"."""
    topic = aws("sns").create_topic(Name="attributes")["TopicArn"]
    asked = {"Action": "Publish", "Version": "2010-03-31", "TopicArn": topic, "Message": "m"}
    body = urlencode({**asked, "MessageAttributes.entry.1.Name": "a"}).encode()
    headers = raw.signed("sns", body=body, content_type="application/x-www-form-urlencoded")
    status, answer = raw.send("POST", "/", headers, body)
    aws("sns").delete_topic(TopicArn=topic)
    assert (status, "message attribute 'a' must contain non-empty" in answer) == (400, True), answer
