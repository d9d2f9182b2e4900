"""Streams of tables: what there is a record of, and how large it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

KEY = {"id": {"S": "my-item-id"}}
Records = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream(aws: Any, unique_name: str) -> Callable[..., Records]:
    """Creates a table with a stream; returns what reads all its records."""

    def make(view: str = "NEW_AND_OLD_IMAGES", region: str = "us-east-1") -> Records:
        table = aws("dynamodb", region=region).create_table(
            TableName=unique_name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
        )["TableDescription"]
        streams, arn = aws("dynamodbstreams", region=region), table["LatestStreamArn"]
        [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        start = {"StreamArn": arn, "ShardId": shard["ShardId"]}

        def records() -> list[dict[str, Any]]:
            begin = streams.get_shard_iterator(**start, ShardIteratorType="TRIM_HORIZON")
            found: list[dict[str, Any]] = streams.get_records(ShardIterator=begin["ShardIterator"])[
                "Records"
            ]
            return found

        return records

    return make


def update(dynamodb: Any, table: str, first: str, second: str) -> None:
    dynamodb.update_item(
        TableName=table,
        Key=KEY,
        UpdateExpression="SET attr1 = :first, attr2 = :second",
        ExpressionAttributeValues={":first": {"S": first}, ":second": {"S": second}},
    )


def test_an_update_has_one_record_and_one_that_changes_nothing_none(
    aws: Any, unique_name: str, stream: Callable[..., Records]
) -> None:
    """Recorded from AWS; "Change data capture for DynamoDB Streams" in the Developer Guide."""
    records, dynamodb = stream(), aws("dynamodb")
    for values in (("value1", "value2"), ("value1", "value2"), ("value2", "value3")):
        update(dynamodb, unique_name, *values)
    first = {**KEY, "attr1": {"S": "value1"}, "attr2": {"S": "value2"}}
    second = {**KEY, "attr1": {"S": "value2"}, "attr2": {"S": "value3"}}
    dynamodb.put_item(TableName=unique_name, Item=second)

    inserted, modified = records()

    assert (inserted["eventName"], modified["eventName"]) == ("INSERT", "MODIFY")
    assert inserted["eventVersion"] == "1.1"
    assert inserted["dynamodb"]["NewImage"] == modified["dynamodb"]["OldImage"] == first
    assert "OldImage" not in inserted["dynamodb"]
    assert modified["dynamodb"]["NewImage"] == second
    assert [each["dynamodb"]["SizeBytes"] for each in (inserted, modified)] == [46, 80]


def test_records_of_keys_are_as_large_as_the_keys(
    aws: Any, unique_name: str, stream: Callable[..., Records]
) -> None:
    """Recorded from AWS: SizeBytes of KEYS_ONLY. They are of the table's region."""
    records, dynamodb = stream("KEYS_ONLY", "eu-west-1"), aws("dynamodb", region="eu-west-1")
    update(dynamodb, unique_name, "value1", "value2")
    dynamodb.delete_item(TableName=unique_name, Key=KEY)
    found = records()
    assert [each["eventName"] for each in found] == ["INSERT", "REMOVE"]
    assert {each["dynamodb"]["SizeBytes"] for each in found} == {12}
    assert {each["awsRegion"] for each in found} == {"eu-west-1"}


def test_an_update_that_is_refused_has_no_record(
    aws: Any, unique_name: str, stream: Callable[..., Records]
) -> None:
    """Recorded from AWS: a record is of a change."""
    records, dynamodb = stream(), aws("dynamodb")
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.update_item(
            TableName=unique_name,
            Key=KEY,
            UpdateExpression="SET a = :a",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeValues={":a": {"S": "1"}},
        )
    assert records() == []


@pytest.mark.parametrize("arn", ["x" * 300, "arn:aws:dynamodb:us-east-1:1:table/none/stream/today"])
def test_a_stream_that_does_not_exist_is_not_found(aws: Any, arn: str) -> None:
    """API_streams_DescribeStream, API_streams_GetShardIterator: ResourceNotFoundException."""
    streams = aws("dynamodbstreams")
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*not found"):
        streams.describe_stream(StreamArn=arn)
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*not found"):
        streams.get_shard_iterator(
            StreamArn=arn, ShardId="shard" * 6, ShardIteratorType="TRIM_HORIZON"
        )


@pytest.mark.parametrize("kind", ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"])
def test_an_iterator_at_a_number_needs_one(aws: Any, unique_name: str, kind: str) -> None:
    """API_streams_GetShardIterator: SequenceNumber."""
    table = aws("dynamodb").create_table(
        TableName=unique_name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]
    streams, arn = aws("dynamodbstreams"), table["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*Shard: shard"):
        streams.get_shard_iterator(StreamArn=arn, ShardId="shard" * 6, ShardIteratorType="LATEST")
    with pytest.raises(ClientError, match=r"ValidationException.*SequenceNumber is required"):
        streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType=kind)
