"""What PutMetricAlarm takes: AWS's limits, and what is refused by name.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError

from local_aws.control_plane.cloudwatch import alarm_actions
from local_aws.control_plane.cloudwatch.alarm_rule import COMPARISONS
from local_aws.control_plane.cloudwatch.api import alarm_metrics
from local_aws.control_plane.cloudwatch.metric_store import MINUTE
from local_aws.control_plane.cloudwatch.statistics import STATISTICS, Extended

_HIGH_RESOLUTION_PERIODS = (10, 20, 30)
_HOUR, _DAY = 3600, 86_400
_MOST_ACTIONS = 5
_OF_BANDS = (
    "GreaterThanUpperThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
)
"""Comparisons with the band that anomaly detection expects."""
_LEAST_BOUND, _LARGEST_BOUND = 0.1, 0.9
"""Of the samples in a range such as TM(10%:90%), in an alarm."""
_TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_REFUSED = {
    "ActionConfiguration": "Action configurations",
    "EvaluationCriteria": "PromQL alarms",
    "EvaluationInterval": "PromQL alarms",
    "EvaluationWindow": "Evaluation windows",
    "Metrics": "Alarms on metric math",
    "ThresholdMetricId": "Alarms on anomaly detection",
    "WarmUpConfiguration": "Warm-ups of alarms",
}
"""Members that would change what an alarm does, and the feature that each stands for."""
_REQUIRED = ("MetricName", "Namespace", "Period", "EvaluationPeriods", "Threshold")


def require_valid(request: Mapping[str, Any]) -> None:
    """Raise ValidationError for what AWS refuses, and for what is not emulated."""
    require_emulated(request)
    for name in _REQUIRED:
        if request.get(name) is None:
            raise ValidationError(f"The parameter {name} is required.")
    if request.get("ComparisonOperator") in _OF_BANDS:
        raise ValidationError(
            "Alarms on anomaly detection are not emulated by the local AWS (ComparisonOperator)."
        )
    _require_one_of("comparisonOperator", request.get("ComparisonOperator"), tuple(COMPARISONS))
    _require_statistic(request)
    _require_periods(request)
    treatment = request.get("TreatMissingData")
    if treatment is not None and treatment not in _TREATMENTS:
        raise ValidationError(
            f"Option {treatment} is not supported. Supported options for parameter "
            "TreatMissingData are breaching, notBreaching, ignore, and missing."
        )
    for name in _ACTIONS:
        arns = request.get(name) or []
        if len(arns) > _MOST_ACTIONS:
            raise ValidationError(
                f"1 validation error detected: Value '{arns}' at '{name[0].lower()}{name[1:]}' "
                "failed to satisfy constraint: Member must have length less than or equal to 5"
            )
        for arn in arns:
            if not alarm_actions.is_arn(arn):
                raise ValidationError(f"Invalid arn syntax: {arn}")


def require_emulated(request: Mapping[str, Any]) -> None:
    """Raise ValidationError for what is not emulated."""
    for name, asked in _REFUSED.items():
        if name == "Metrics" and alarm_metrics.is_one_metric(request.get(name)):
            continue
        if request.get(name):
            raise ValidationError(f"{asked} are not emulated by the local AWS ({name}).")


def _require_one_of(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValidationError(
            f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(sorted(allowed))}]"
        )


def _require_statistic(request: Mapping[str, Any]) -> None:
    statistic, extended = request.get("Statistic"), request.get("ExtendedStatistic")
    if bool(statistic) == bool(extended):
        raise ValidationError("Exactly one of Statistic and ExtendedStatistic must be specified.")
    if statistic:
        _require_one_of("statistic", statistic, STATISTICS)
        return
    if not _is_extended(str(extended)):
        raise InvalidParameterValue(
            f"The value {extended} for parameter ExtendedStatistic is not supported."
        )


def _is_extended(name: str) -> bool:
    """Whether an alarm can have the statistic: of ranges fewer than a request for data can."""
    try:
        parsed = Extended.parse(name)
    except ValueError:
        return False
    if not name.endswith(")") or parsed.kind == "PR":
        return True
    is_within = parsed.low >= _LEAST_BOUND and parsed.high <= _LARGEST_BOUND
    return is_within and not parsed.is_of_values


def _require_periods(request: Mapping[str, Any]) -> None:
    period, periods = int(request["Period"]), int(request["EvaluationPeriods"])
    if period not in _HIGH_RESOLUTION_PERIODS and (period < MINUTE or period % MINUTE):
        raise ValidationError("Period must be 10, 20, 30 or a multiple of 60")
    if periods < 1:
        raise ValidationError(
            f"1 validation error detected: Value '{periods}' at 'evaluationPeriods' failed to "
            "satisfy constraint: Member must have value greater than or equal to 1"
        )
    longest = _DAY if period < _HOUR else 7 * _DAY
    if period * periods > longest:
        span = "a day" if longest == _DAY else "seven days"
        raise ValidationError(
            f"Metrics cannot be checked across more than {span} (EvaluationPeriods * Period must "
            f"be <= {longest})."
        )
    to_alarm = int(request.get("DatapointsToAlarm") or periods)
    if not 1 <= to_alarm <= periods:
        raise ValidationError(
            "DatapointsToAlarm must be less than or equal to EvaluationPeriods, and at least 1."
        )
