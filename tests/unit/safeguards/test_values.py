"""What each kind of value may be: right ones, and wrong ones with what was expected instead."""

from typing import Any

import pytest

from safeguards import values

INTERVAL = values.integer(1, 300, "seconds")
RATE = values.decimal(0.1, 1000, "requests a second")


@pytest.mark.parametrize("value", [1, "1", 300, "300"])
def test_whole_numbers_in_range(value: Any) -> None:
    assert INTERVAL(value) is None


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        301,
        1e9,
        10.0,
        "10.0",
        "1e9",
        "0x10",
        "",
        " 10",
        "10\n",
        "nan",
        True,
        None,
        [10],
        "\u0661\u0660",
    ],
)
def test_what_is_no_whole_number_in_range(value: Any) -> None:
    assert INTERVAL(value) == "a whole number from 1 to 300 seconds is expected"


@pytest.mark.parametrize("value", [0.1, "0.1", 50, "50", "50.5", 1000])
def test_numbers_in_range(value: Any) -> None:
    assert RATE(value) is None


@pytest.mark.parametrize(
    "value",
    [0, -5, 1e6, float("nan"), float("inf"), "nan", "inf", "1e2", "", "5\n", True, None, {}, "½"],
)
def test_what_is_no_number_in_range(value: Any) -> None:
    assert RATE(value) == "a number from 0.1 to 1000 requests a second is expected"


@pytest.mark.parametrize("value", [True, False, "true", "no", "1", 0, "off"])
def test_what_ansible_takes_for_true_or_false(value: Any) -> None:
    assert values.truth(value) is None


@pytest.mark.parametrize("value", ["", "maybe", 2, None, []])
def test_what_is_neither_true_nor_false(value: Any) -> None:
    assert values.truth(value) == "true or false is expected"


@pytest.mark.parametrize("value", ["", "203.0.113.0/24", "127.0.0.1/32", "10.0.0.0/8"])
def test_ranges_of_one_owner(value: str) -> None:
    assert values.narrow_cidr(value) is None


@pytest.mark.parametrize("value", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/7"])
def test_ssh_is_not_for_everybody(value: str) -> None:
    assert values.cidr(value) is None
    assert str(values.narrow_cidr(value)).startswith("a range of /8 or narrower is expected")


def test_a_narrow_range_is_a_range() -> None:
    assert values.narrow_cidr("anywhere") == values.cidr("anywhere")


@pytest.mark.parametrize("value", ["", "203.0.113.0/24", "127.0.0.1/32", "0.0.0.0/0"])
def test_ranges(value: str) -> None:
    assert values.cidr(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("999.1.1.1/99", "like 203.0.113.0/24"),
        ("203.0.113.0/33", "like 203.0.113.0/24"),
        ("192.0.2.7", "like 203.0.113.0/24"),
        ("anywhere", "like 203.0.113.0/24"),
        ("203.0.113.0/24\n", "like 203.0.113.0/24"),
        ("::/0", "like 203.0.113.0/24"),
        (7, "like 203.0.113.0/24"),
        ("203.0.113.7/24", "203.0.113.0/24 is expected for the range, 203.0.113.7/32 for"),
    ],
)
def test_what_is_no_range_that_aws_would_keep(value: Any, expected: str) -> None:
    assert expected in str(values.cidr(value))


@pytest.mark.parametrize("value", ["resilience-demo", "a", "A" * 29, "myaws"])
def test_stack_names(value: str) -> None:
    assert values.stack_name(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("n" * 30, "32 characters"),
        ("1st", "a letter and up to 28"),
        ("a_b", "a letter and up to 28"),
        ("", "a letter and up to 28"),
        ("demo\n", "without line breaks"),
        ("démo", "a letter and up to 28"),
        (7, "put it in quotes: '7'"),
        ("aws-demo", "does not begin with aws or ssm"),
        ("SSMdemo", "does not begin with aws or ssm"),
        ("internal-demo", "does not begin with internal-"),
    ],
)
def test_what_cannot_name_a_stack_and_all_that_is_named_after_it(value: Any, expected: str) -> None:
    assert expected in str(values.stack_name(value))


@pytest.mark.parametrize(
    "value", ["t3.micro", "g4dn.xlarge", "m7i-flex.large", "u-6tb1.metal", "t4g.micro"]
)
def test_instance_types(value: str) -> None:
    assert values.instance_type(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("t3", "like t3.micro"),
        ("", "like t3.micro"),
        ("t3.micro\n", "without line breaks"),
        ("t3.", "like t3.micro"),
    ],
)
def test_what_is_no_instance_type(value: str, expected: str) -> None:
    assert expected in str(values.instance_type(value))


@pytest.mark.parametrize(
    "value", [{"default-for-az": "true"}, {"vpc-id": "vpc-1", "tag:Name": ["a", "b"]}]
)
def test_filters(value: Any) -> None:
    assert values.filters(value) is None


@pytest.mark.parametrize(
    "value", [{}, "", "vpc-1", ["vpc-1"], {"vpc-id": 1}, {"": "a"}, {"vpc-id": [""]}, {7: "a"}]
)
def test_what_filters_nothing(value: Any) -> None:
    assert "like {tag:Name" in str(values.filters(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [([], None), (["123456789012"], None), ("123456789012", "a list"), ([1], "12 digits")],
)
def test_a_list_is_checked_value_by_value(value: Any, expected: str | None) -> None:
    found = values.list_of(values.account)(value)
    assert found is None if expected is None else expected in str(found)
