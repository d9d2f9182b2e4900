"""How many bytes a value has, as users measured it at DynamoDB's limit of an item."""

from __future__ import annotations

import pytest
from moto.dynamodb.models.dynamo_type import DynamoType

from local_aws.control_plane.dynamodb import item_sizes


@pytest.mark.parametrize(
    ("number", "size"),
    [
        ("0", 1),
        ("12", 2),
        ("123", 3),
        ("100", 2),
        ("1010", 3),
        ("0.0000001", 2),
        ("1E125", 2),
        ("1.5", 3),
        ("3.14159", 5),
        ("123456", 4),
        ("100.5", 4),
        ("0.15", 2),
        ("-42", 3),
        ("-0", 1),
        ("12345678901234567890123456789012345678", 20),
    ],
)
def test_a_number_has_a_byte_for_two_digits(number: str, size: int) -> None:
    assert item_sizes.of_number(number) == size


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"B": b"abc"}, 3),
        ({"B": "YWJj"}, 3),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"L": [{"S": "a"}]}, 5),
        ({"M": {"ab": {"S": "a"}}}, 7),
        ({"L": []}, 3),
    ],
)
def test_a_document_has_three_bytes_and_one_for_each_element(
    value: dict[str, object], size: int
) -> None:
    assert item_sizes.of_value(DynamoType(value)) == size
