"""Why an alarm has its state, in the words of DescribeAlarms' StateReason and StateReasonData.

Source: "Alarm events and EventBridge" in the Amazon CloudWatch User Guide, whose samples have both;
answers of the real CloudWatch as they have been recorded, of alarms without DatapointsToAlarm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local_aws.control_plane.cloudwatch.alarm_rule import COMPARISONS, AlarmRule, Datapoint, State

INITIAL = "Unchecked: Initial alarm creation"
_FILLED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def reason(rule: AlarmRule, datapoints: Sequence[Datapoint], state: State, before: State) -> str:
    """One sentence for the change from one state to another."""
    evaluated = rule.evaluated(datapoints)
    missing = rule.evaluation_periods - len(evaluated)
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_counted(missing)} unknown."
    filled = _FILLED.get(rule.treat_missing) if missing else None
    if not evaluated:
        return (
            f"Threshold Crossed: no datapoints were received for {_periods(missing)} and {missing} "
            f"missing {_counted(missing, bare=True)} treated as [{filled}]."
        )
    alarms = state == "ALARM"
    shown = [point for point in evaluated if rule.is_breach(point.value or 0.0) is alarms]
    listed = ", ".join(f"{point.value} ({_short(point.time)})" for point in shown)
    verb = "was" if len(shown) == 1 else "were"
    crossed = (
        f"{verb} {'' if alarms else 'not '}{COMPARISONS[rule.comparison][1]} the threshold "
        f"({rule.threshold})"
    )
    treated = f" and {missing} missing {_counted(missing, bare=True)} treated as [{filled}]"
    if not rule.is_m_of_n:
        noun = "datapoint" if len(shown) == 1 else "datapoints"
        return (
            f"Threshold Crossed: {len(shown)} {noun} [{listed}] {crossed}"
            f"{treated if filled else ''}."
        )
    if filled:
        return (
            f"Threshold Crossed: {len(shown)} out of the last {len(evaluated)} datapoints "
            f"[{listed}] {crossed}{treated}."
        )
    periods, needed = rule.evaluation_periods, rule.datapoints_to_alarm
    least = needed if alarms else periods - needed + 1
    return (
        f"Threshold Crossed: {len(shown)} out of the last {len(evaluated)} datapoints [{listed}] "
        f"{crossed} (minimum {least} datapoint{'s' if least > 1 else ''} for "
        f"{_from(before, state)} -> {state} transition)."
    )


def reason_data(
    rule: AlarmRule,
    datapoints: Sequence[Datapoint],
    measured: Mapping[str, Any],
    now: float,
) -> dict[str, Any]:
    """The same for programs; `measured` are unit, statistic and period of the alarm's metric."""
    evaluated = rule.evaluated(datapoints)
    named = evaluated or datapoints[: rule.evaluation_periods]
    dates = {"startDate": long_time(evaluated[-1].time)} if evaluated else {}
    return {
        "version": "1.0",
        "queryDate": long_time(now),
        **dates,
        **{name: value for name, value in measured.items() if value is not None},
        "recentDatapoints": [point.value for point in reversed(evaluated)],
        "threshold": rule.threshold,
        "evaluatedDatapoints": [_shown(point) for point in named],
    }


def newest_value(described: Mapping[str, Any]) -> float | None:
    """The metric's last value in the data of a reason; None where they say none."""
    values = described.get("recentDatapoints")
    newest = values[-1] if isinstance(values, list) and values else None
    return float(newest) if isinstance(newest, int | float) else None


def _shown(point: Datapoint) -> dict[str, Any]:
    values = {"sampleCount": point.sample_count, "value": point.value}
    return {"timestamp": long_time(point.time), **(values if point.value is not None else {})}


def long_time(time: float) -> str:
    """2026-11-27T03:28:00.000+0000."""
    when = datetime.fromtimestamp(time, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}+0000"


def _short(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%d/%m/%y %H:%M:%S}"


def _from(before: State, state: State) -> str:
    """AWS names the two states of the threshold, whatever the alarm was in."""
    if before != "INSUFFICIENT_DATA":
        return before
    return "OK" if state == "ALARM" else "ALARM"


def _counted(number: int, *, bare: bool = False) -> str:
    words = "datapoint was" if number == 1 else "datapoints were"
    return words if bare else f"{number} {words}"


def _periods(number: int) -> str:
    return f"{number} period{'' if number == 1 else 's'}"
