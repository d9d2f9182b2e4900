"""Filter policies: which messages a subscription gets, and which policies are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
EITHER = "Please use either MessageBody or MessageAttributes"


class Subscriber:
    """A queue that gets the messages of a topic which its filter policy accepts."""

    def __init__(self, aws: Any, name: str) -> None:
        self.sns, self.sqs = aws("sns"), aws("sqs")
        self.topic = self.sns.create_topic(Name=name)["TopicArn"]
        self.queue = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        endpoint = self.topic.replace(":sns:", ":sqs:")
        self.arn = self.sns.subscribe(
            TopicArn=self.topic,
            Protocol="sqs",
            Endpoint=endpoint,
            Attributes={"RawMessageDelivery": "true"},
        )["SubscriptionArn"]

    def set(self, name: str, value: Any) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        self.sns.set_subscription_attributes(
            SubscriptionArn=self.arn, AttributeName=name, AttributeValue=text
        )

    def received(self, *messages: str, **attributes: Any) -> list[str]:
        """Which of the messages, published with these attributes, are delivered."""
        given = {name: _attribute(value) for name, value in attributes.items()}
        for message in messages:
            self.sns.publish(TopicArn=self.topic, Message=message, MessageAttributes=given)
        found = []
        while page := self.sqs.receive_message(QueueUrl=self.queue).get("Messages"):
            for message in page:
                found.append(message["Body"])
                handle = message["ReceiptHandle"]
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=handle)
        return found


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, bytes):
        return {"DataType": "Binary", "BinaryValue": value}
    if isinstance(value, list):
        return {"DataType": "String.Array", "StringValue": json.dumps(value)}
    kind = "String" if isinstance(value, str) else "Number"
    return {"DataType": kind, "StringValue": str(value)}


@pytest.fixture
def subscriber(aws: Any, unique_name: str) -> Iterator[Subscriber]:
    made = Subscriber(aws, unique_name)
    yield made
    made.sns.delete_topic(TopicArn=made.topic)
    made.sqs.delete_queue(QueueUrl=made.queue)


MATCHES: list[tuple[list[Any], list[Any], list[Any]]] = [
    (["rugby", "tennis"], ["tennis", ["golf", "rugby"]], ["Rugby", "golf", ["golf"], None]),
    ([{"prefix": "bas"}], ["baseball", ["golf", "baseball"]], ["Baseball", 1, None]),
    ([{"suffix": "ball"}], ["baseball", ["golf", "baseball"]], ["ballet", None]),
    ([{"equals-ignore-case": "Tennis"}], ["TENNIS", "tennis"], ["tennis ", None]),
    ([{"anything-but": ["rugby", "golf"]}], ["tennis", ["rugby", "x"]], ["golf", ["golf"], None]),
    ([{"anything-but": {"prefix": "order-"}}], ["data", ["order-1", "x"]], ["order-1", None]),
    ([{"anything-but": [100, 500]}], [101, 100.1, [100, 50]], [100, 500, None]),
    ([{"cidr": "10.0.0.0/24"}], ["10.0.0.255"], ["10.1.0.0", "x", None]),
    ([{"numeric": ["=", 301.5]}], [301.5], [301.51, "301.5", None]),
    ([{"numeric": [">", 0, "<=", 150]}], [0.5, 150], [0, 150.5, None]),
    ([301.5], [301.5, [1, 301.5]], ["301.5", 301, None]),
    ([{"exists": True}], ["x", ["x"], 0], [None, b"ignored"]),
    ([{"exists": False}], [None, b"ignored"], ["x", 0]),
    ([None, {"anything-but": "x"}], ["y"], ["x", None]),
    ([{"prefix": "a"}, {"exists": False}], ["ab", None], ["b"]),
]  # fmt: skip
"""Conditions, the values of an attribute that they accept, and those that they do not."""


@pytest.mark.parametrize("number", range(len(MATCHES)))
def test_one_of_the_conditions_must_hold_for_one_of_the_values(
    subscriber: Subscriber, number: int
) -> None:
    """SNS Developer Guide, "String value matching", "Numeric value matching", "Key matching"."""
    conditions, accepted, refused = MATCHES[number]
    subscriber.set("FilterPolicy", {"a": conditions})

    def is_received(value: Any) -> bool:
        return bool(subscriber.received("m", **({} if value is None else {"a": value})))

    assert [value for value in accepted if not is_received(value)] == []
    assert [value for value in refused if is_received(value)] == []


def test_all_names_must_hold_or_one_of_the_alternatives(subscriber: Subscriber) -> None:
    """SNS Developer Guide, "AND/OR logic": $or is a name like others when it has another form."""
    alternatives = [{"a": ["1"]}, {"b": ["1"], "c": ["1"]}]
    subscriber.set("FilterPolicy", {"n": ["1"], "$or": alternatives})
    for given, count in (("na", 1), ("nbc", 1), ("nb", 0), ("abc", 0)):
        assert len(subscriber.received("m", **dict.fromkeys(given, "1"))) == count, given
    subscriber.set("FilterPolicy", {"n": ["1"], "$or": [{"prefix": "a"}, {"suffix": "b"}]})
    assert subscriber.received("m", n="1", a="1") == []


BODIES: list[tuple[Any, list[Any], list[Any]]] = [
    (
        {"o": {"k": [{"prefix": "auto-"}, "x"], "n": [{"exists": False}]},
         "t": [{"exists": False}]},
        [{"o": {"k": "auto-1"}}, {"o": {"k": "x"}}],
        [{"o": {"k": "1-auto"}}, {"o": {"k": "x"}, "t": 1}, {"o": {"k": "x", "n": 1}}, {"t": 1}],
    ),
    (
        {"o.n.t": ["v"]},
        [{"o": {"n": {"t": "v"}}}, {"o.n.t": "v"}, {"o.n": {"t": "v"}}, {"o": {"n.t": "v"}}],
        [{"o": {"n": {"t": "w"}}}, {"o": "v"}, "v", ["v"], 1],
    ),
    (
        {"R": {"s": {"k": [{"prefix": "a-"}]}, "e": [{"prefix": "Put"}]}},
        [{"R": [{"e": "Put:1", "s": {"k": "a-1"}}]}, {"R": [{"e": "Put", "s": [[{"k": "a-"}]]}]}],
        [{"R": [{"e": "Delete", "s": {"k": "a-1"}}]}, {"R": [{"e": "Put", "s": {"k": "b"}}]}],
    ),
    (
        {"$or": [{"m": ["C"]}, {"s": ["E"]}],
         "d": {"o": ["S"], "$or": [{"c": [1]}, {"t": [True]}]}},
        [{"m": "C", "d": {"o": "S", "c": 1}}, {"s": "E", "d": {"o": "S", "t": True}}],
        [{"m": "C", "d": {"o": "S"}}, {"m": "C", "d": {"c": 1}}, {"d": {"o": "S", "c": 1}},
         {"m": "C", "d": {"o": "S", "c": True}}],
    ),
]  # fmt: skip
"""Policies, the bodies that they accept, and those that they do not."""


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_policy_of_the_body_has_names_within_names(subscriber: Subscriber, number: int) -> None:
    """SNS Developer Guide, FilterPolicyScope MessageBody; recorded from AWS: a dot is one level
    more, and lists are looked into."""
    policy, accepted, refused = BODIES[number]
    subscriber.set("FilterPolicyScope", BODY)
    subscriber.set("FilterPolicy", policy)
    bodies = [json.dumps(body) for body in (*accepted, *refused)]
    found = subscriber.received(*bodies, "no JSON")
    assert sorted(found) == sorted(bodies[: len(accepted)])


def test_the_scope_counts_whenever_it_is_set(subscriber: Subscriber) -> None:
    """API_SetSubscriptionAttributes: FilterPolicyScope."""
    subscriber.set("FilterPolicy", {"a": ["1"]})
    subscriber.set("FilterPolicyScope", BODY)
    assert subscriber.received('{"a": "1"}') == ['{"a": "1"}']
    assert subscriber.received("m", a="1") == []


@pytest.mark.parametrize(
    ("policy", "scope", "words"),
    [
        ({"k": "v"}, ATTRIBUTES, 'FilterPolicy: "k" must be an object or an array'),
        ({"k": []}, ATTRIBUTES, "FilterPolicy: Empty arrays are not allowed"),
        ({"k": [["v"]]}, ATTRIBUTES,
         "FilterPolicy: Match value must be String, number, true, false, or null"),
        ({"k": [{"wrong": True}]}, ATTRIBUTES, "FilterPolicy: Unrecognized match type wrong"),
        ({"k": [{"suffix": "a", "prefix": "b"}]}, ATTRIBUTES,
         "FilterPolicy: Only one key allowed in match expression"),
        ({"k": [{"suffix": 1}]}, ATTRIBUTES,
         "FilterPolicy: suffix match pattern must be a string"),
        ({"k": [{"exists": "no"}]}, ATTRIBUTES,
         "FilterPolicy: exists match pattern must be either true or false."),
        ({"k": [{"anything-but": {"suffix": "x"}}]}, ATTRIBUTES,
         "FilterPolicy: Unsupported anything-but pattern: suffix"),
        ({"k": [{"anything-but": {"prefix": False}}]}, ATTRIBUTES,
         "FilterPolicy: prefix match pattern must be a string"),
        ({"k": [{"cidr": "10.0.0.0"}]}, ATTRIBUTES,
         "FilterPolicy: Malformed CIDR, one '/' required"),
        ({"k": [{"cidr": "x/8"}]}, ATTRIBUTES, "FilterPolicy: Nonstandard IP address: x"),
        ({"k": [{"numeric": []}]}, ATTRIBUTES,
         "FilterPolicy: Invalid member in numeric match: ]"),
        ({"k": [{"numeric": ["=", "0"]}]}, ATTRIBUTES,
         "FilterPolicy: Value of equals must be numeric"),
        ({"k": [{"numeric": ["<", 100, ">", 10]}]}, ATTRIBUTES,
         "FilterPolicy: Too many elements in numeric expression"),
        ({"k": [{"numeric": [">", 3, "<", 1]}]}, ATTRIBUTES,
         "FilterPolicy: Bottom must be less than top"),
        ({"k": [{"numeric": [">", 1, "<", 3, "<", 5]}]}, ATTRIBUTES,
         "FilterPolicy: Too many terms in numeric range expression"),
        ({"k": {"l": ["v"]}}, ATTRIBUTES,
         "Filter policy scope MessageAttributes does not support nested filter policy"),
        ({f"k{n}": ["v"] for n in range(6)}, ATTRIBUTES,
         "FilterPolicy: Filter policy can not have more than 5 keys"),
        ({"k": [str(n) for n in range(151)]}, ATTRIBUTES,
         "FilterPolicy: Filter policy is too complex"),
        ({"a": {"b": {"c": list("1234")}}, "d": {"e": list("123")}, "f": list("123")}, BODY,
         "FilterPolicy: Filter policy is too complex"),
        ({"s": list("1234"), "$or": [
            {"m": list("123456")},
            {"t": list("1234"), "$or": [{"i": [1, 2, 3, 4]}, {"p": [1, 2, 3, 4]}]}]}, ATTRIBUTES,
         "FilterPolicy: Filter policy is too complex"),
        ([], ATTRIBUTES, "FilterPolicy: Filter is not an object"),
        ({"k": ["v"]}, "None", f"FilterPolicyScope: Invalid value [None]. {EITHER}"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused_before_anybody_is_subscribed(
    subscriber: Subscriber, policy: Any, scope: str, words: str
) -> None:
    """Recorded from AWS, but for what is no object; "Filter policy constraints" in the SNS
    Developer Guide: 150 combinations, five names."""
    sns = subscriber.sns
    refused = refusal_of(
        sns.subscribe,
        TopicArn=subscriber.topic,
        Protocol="sqs",
        Endpoint="arn:aws:sqs:us-east-1:123456789012:another",
        Attributes={"FilterPolicyScope": scope, "FilterPolicy": json.dumps(policy)},
    )
    assert refused == (400, "InvalidParameter", f"Invalid parameter: Attributes Reason: {words}")
    assert len(sns.list_subscriptions_by_topic(TopicArn=subscriber.topic)["Subscriptions"]) == 1
