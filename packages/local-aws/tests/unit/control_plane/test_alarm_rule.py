"""Which state datapoints lead to: AWS's own tables, and the words for it."""

from __future__ import annotations

import pytest

from local_aws.control_plane.cloudwatch import alarm_reasons
from local_aws.control_plane.cloudwatch.alarm_rule import AlarmRule, Datapoint, TreatMissing

_VALUES = {"0": 0.0, "X": 9.0, "-": None}
_NOON = 1_795_780_800.0  # 2026-11-27 12:00:00 UTC


def points(table: str) -> list[Datapoint]:
    """A row of AWS's tables, the oldest first: 0 is no breach, X is one, - is missing."""
    newest_first = reversed(table.split())
    return [Datapoint(_NOON - 60 * n, _VALUES[each]) for n, each in enumerate(newest_first)]


def rule(periods: int, to_alarm: int, treat_missing: TreatMissing = "missing") -> AlarmRule:
    return AlarmRule("GreaterThanThreshold", 5.0, periods, to_alarm, treat_missing)


_TREATMENTS: tuple[TreatMissing, ...] = ("missing", "ignore", "breaching", "notBreaching")


@pytest.mark.parametrize(
    ("periods", "to_alarm", "table", "states"),
    [
        (3, 3, "0 - X - X", ("OK", "OK", "OK", "OK")),
        (3, 3, "- - - - 0", ("OK", "OK", "OK", "OK")),
        (3, 3, "- - - - -", ("INSUFFICIENT_DATA", None, "ALARM", "OK")),
        (3, 3, "0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, 3, "- - X - -", ("ALARM", None, "ALARM", "OK")),
        (3, 2, "0 - X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, 2, "0 0 X 0 X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, 2, "0 - X - -", ("OK", "OK", "ALARM", "OK")),
        (3, 2, "- - - - 0", ("OK", "OK", "ALARM", "OK")),
        (3, 2, "- - - X -", ("ALARM", None, "ALARM", "OK")),
        # "Avoiding premature transitions": one new breach is too young.
        (3, 3, "- - - - X", (None, None, "ALARM", "OK")),
        (1, 1, "- - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (1, 1, "- - 0", ("OK", "OK", "OK", "OK")),
    ],
)
def test_states_of_datapoints(
    periods: int, to_alarm: int, table: str, states: tuple[str | None, ...]
) -> None:
    found = tuple(rule(periods, to_alarm, each).state(points(table)) for each in _TREATMENTS)
    assert found == states


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanOrEqualToThreshold", [5.0, 6.0]),
        ("GreaterThanThreshold", [6.0]),
        ("LessThanOrEqualToThreshold", [4.0, 5.0]),
        ("LessThanThreshold", [4.0]),
    ],
)
def test_comparisons(comparison: str, breaching: list[float]) -> None:
    compared = AlarmRule(comparison, 5.0, 1, 1)
    assert [value for value in (4.0, 5.0, 6.0) if compared.is_breach(value)] == breaching


def test_reason_of_one_breach() -> None:
    assert alarm_reasons.reason(rule(1, 1), points("X"), "ALARM", "OK") == (
        "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (27/11/26 12:00:00)] was greater "
        "than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )


def test_reason_of_several_of_more() -> None:
    assert alarm_reasons.reason(rule(3, 2), points("X 0 X"), "ALARM", "INSUFFICIENT_DATA") == (
        "Threshold Crossed: 2 out of the last 3 datapoints [9.0 (27/11/26 12:00:00), 9.0 (27/11/26 "
        "11:58:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM "
        "transition)."
    )


def test_reason_of_a_recovery() -> None:
    assert alarm_reasons.reason(rule(3, 2), points("0 X 0"), "OK", "ALARM") == (
        "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (27/11/26 12:00:00), 0.0 (27/11/26 "
        "11:58:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> "
        "OK transition)."
    )


def test_reasons_of_missing_data() -> None:
    nothing = points("- - -")
    assert (
        alarm_reasons.reason(rule(1, 1), nothing, "INSUFFICIENT_DATA", "OK")
        == "Insufficient Data: 1 datapoint was unknown."
    )
    assert (
        alarm_reasons.reason(rule(3, 3), nothing, "INSUFFICIENT_DATA", "OK")
        == "Insufficient Data: 3 datapoints were unknown."
    )
    assert alarm_reasons.reason(rule(1, 1, "breaching"), nothing, "ALARM", "OK") == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
        "treated as [Breaching]."
    )
    assert alarm_reasons.reason(rule(2, 2, "notBreaching"), nothing, "OK", "ALARM") == (
        "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints "
        "were treated as [NonBreaching]."
    )


def test_reason_data() -> None:
    measured = {"unit": None, "statistic": "Sum", "period": 60}
    data = alarm_reasons.reason_data(rule(2, 2), points("X - X"), measured, _NOON + 60.25)
    assert data == {
        "version": "1.0",
        "queryDate": "2026-11-27T12:01:00.250+0000",
        "startDate": "2026-11-27T11:58:00.000+0000",
        "statistic": "Sum",
        "period": 60,
        "recentDatapoints": [9.0, 9.0],
        "threshold": 5.0,
        "evaluatedDatapoints": [
            {"timestamp": "2026-11-27T12:00:00.000+0000", "sampleCount": 1.0, "value": 9.0},
            {"timestamp": "2026-11-27T11:58:00.000+0000", "sampleCount": 1.0, "value": 9.0},
        ],
    }
