"""Evaluate alarms when they are due: each minute, those with shorter periods each ten seconds.

Source: "Evaluating an alarm" and "Percentile-based alarms and low data samples" in the Amazon
CloudWatch User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.cloudwatch import alarm_actions, alarm_reasons, alarm_state
from local_aws.control_plane.cloudwatch.alarm_notes import notes_of
from local_aws.control_plane.cloudwatch.alarm_rule import AlarmRule, Datapoint
from local_aws.control_plane.cloudwatch.measuring import measure_each_minute, store_of
from local_aws.control_plane.cloudwatch.metric_store import MINUTE, Metric
from local_aws.control_plane.cloudwatch.statistics import Datum, Extended

_HIGH_RESOLUTION_SECONDS = 10
_LEAST_SAMPLES = 10.0
"""A percentile p needs 10 / (1 - p) samples, one below a half 10 / p."""
_REPEAT_SECONDS = 60


def reconcile(now: float) -> None:
    """One turn: measure, evaluate what is due, act. Call it under LOCK, each 100 ms, after
    `measuring.read_each_minute`.

    Without alarms it costs nothing but a measurement each minute.
    """
    measure_each_minute(now)
    for backend in moto_seams.backends_in_use(cloudwatch_backends):
        for alarm in list(backend.alarms.values()):
            notes = notes_of(alarm)
            if now >= notes.next_evaluation:
                notes.next_evaluation = _boundary(alarm, now) + _interval(alarm)
                _evaluate(backend, alarm, now)


def rule_of(alarm: Alarm) -> AlarmRule:
    """When the alarm alarms."""
    return AlarmRule(
        alarm.comparison_operator,
        float(alarm.threshold),
        int(alarm.evaluation_periods),
        int(alarm.datapoints_to_alarm or alarm.evaluation_periods),
        _treat_missing(alarm),  # type: ignore[arg-type] # checked when it was put
        is_m_of_n=alarm.datapoints_to_alarm is not None,
    )


def _treat_missing(alarm: Alarm) -> str:
    """AWS: alarms on DynamoDB's metrics always ignore missing data."""
    if alarm.namespace == "AWS/DynamoDB":
        return "ignore"
    return alarm.treat_missing_data or "missing"


def _evaluate(backend: CloudWatchBackend, alarm: Alarm, now: float) -> None:
    rule = rule_of(alarm)
    data = _data(backend, alarm, rule.range_periods, now)
    statistic = str(alarm.statistic or alarm.extended_statistic)
    if _has_too_few_samples(alarm, statistic, data[0][1]):
        return
    points = [
        Datapoint(start, datum.statistic(statistic), datum.sample_count)
        if datum
        else Datapoint(start, None)
        for start, datum in data
    ]
    evaluated = rule.evaluated(points)
    notes_of(alarm).value = evaluated[0].value if evaluated else None
    state = rule.state(points)
    if state is not None and state != alarm.state_value:
        before = alarm.state_value
        reason = alarm_reasons.reason(rule, points, state, before)  # type: ignore[arg-type] # one of the three
        measured = {"unit": alarm.unit, "statistic": statistic, "period": int(alarm.period)}
        described = alarm_reasons.reason_data(rule, points, measured, now)
        alarm_state.change(backend, alarm, state, reason, described, json.dumps(described), now)
    elif alarm.actions_enabled and now - notes_of(alarm).acted_at >= _REPEAT_SECONDS:
        _repeat(backend, alarm, now)


def _repeat(backend: CloudWatchBackend, alarm: Alarm, now: float) -> None:
    """AWS: Auto Scaling's actions are invoked each minute while the alarm stays in its state."""
    repeated = [
        arn
        for arn in alarm_actions.of_state(alarm)
        if alarm_actions.service_of(arn) == alarm_actions.AUTO_SCALING
    ]
    if repeated:
        notes_of(alarm).acted_at = now
        alarm_actions.carry_out(backend, alarm, alarm.state_value, repeated)


def _data(
    backend: CloudWatchBackend, alarm: Alarm, periods: int, now: float
) -> Sequence[tuple[float, Datum | None]]:
    """What was measured in each period that is over, the newest first."""
    store = store_of(backend)
    dimensions = {str(each.name): str(each.value) for each in alarm.dimensions}
    metric = Metric.of(alarm.namespace, alarm.metric_name, dimensions)
    period = int(alarm.period)
    end = _boundary(alarm, now)
    starts = [end - number * period for number in range(1, periods + 1)]
    return [(start, store.datum(metric, start, period, alarm.unit)) for start in starts]


def _has_too_few_samples(alarm: Alarm, statistic: str, newest: Datum | None) -> bool:
    if alarm.evaluate_low_sample_count_percentile != "ignore" or not statistic.startswith("p"):
        return False
    percentile = Extended.parse(statistic).high
    samples = newest.sample_count if newest else 0.0
    rare = min(percentile, 1 - percentile)
    return rare > 0 and samples < _LEAST_SAMPLES / rare


def _boundary(alarm: Alarm, now: float) -> float:
    """The end of the newest period that is over."""
    return now // _interval(alarm) * _interval(alarm)


def _interval(alarm: Alarm) -> int:
    return _HIGH_RESOLUTION_SECONDS if int(alarm.period) < MINUTE else MINUTE
