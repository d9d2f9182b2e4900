"""When two values of DynamoDB's are equal, and what becomes of a float."""

from decimal import Decimal
from typing import Any

import pytest
from ansible.module_utils.resilience.dynamodb_forms import comparable, exact


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"N": "1"}, {"N": "1.0"}, True),
        ({"N": "1"}, {"S": "1"}, False),
        ({"N": "1"}, {"BOOL": True}, False),
        ({"SS": ["a", "b"]}, {"SS": ["b", "a"]}, True),
        ({"NS": ["1", "2"]}, {"NS": ["2.0", "1"]}, True),
        ({"L": [{"N": "1"}]}, {"L": [{"N": "1.0"}]}, True),
        ({"L": [{"N": "1"}, {"N": "2"}]}, {"L": [{"N": "2"}, {"N": "1"}]}, False),
        ({"M": {"a": {"NULL": True}}}, {"M": {}}, False),
    ],
)
def test_equality_is_dynamodbs(one: dict[str, Any], other: dict[str, Any], equal: bool) -> None:
    assert (comparable(one) == comparable(other)) is equal


def test_a_float_keeps_its_decimal_digits() -> None:
    assert exact({"a": [0.1]}) == {"a": [Decimal("0.1")]}
