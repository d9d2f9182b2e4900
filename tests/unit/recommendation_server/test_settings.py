from __future__ import annotations

import pytest

from recommendation_server.settings import good_values

GOOD = {"table": "unknown", "failure_response": "static", "health_check": "deep"}


def test_good_values_are_taken() -> None:
    assert good_values(GOOD) == GOOD


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("table", "ab"),
        ("table", "a b c"),
        ("table", "x" * 256),
        ("table", "table\n"),
        ("table", None),
        ("failure_response", "Static"),
        ("failure_response", ""),
        ("health_check", "medium"),
        ("health_check", ["deep"]),
        ("health_check", {"S": "deep"}),
    ],
)
def test_a_bad_value_is_left_out_alone(name: str, value: object) -> None:
    others = {other: GOOD[other] for other in GOOD if other != name}
    assert good_values({**GOOD, name: value}) == others


def test_what_is_no_setting_is_ignored() -> None:
    assert good_values({"colour": "red"}) == {}
