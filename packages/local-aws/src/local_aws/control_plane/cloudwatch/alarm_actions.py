"""What alarms do when their state changes: each service carries out the actions of its ARNs.

SNS topics get the message; service_connections.py names the other services. What none carries out
fails, by name, in the alarm's history.
Source: "Alarm actions" in the Amazon CloudWatch User Guide.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

from botocore.session import Session
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.sns.models import sns_backends

from local_aws.control_plane.cloudwatch.alarm_notes import note
from local_aws.control_plane.cloudwatch.alarm_reasons import long_time

Action = Callable[[CloudWatchBackend, Alarm, str, str], None]
"""Carries out one: the alarm's backend, the alarm, the state it had before, the action's ARN. It
raises an error that says why it cannot."""

AUTO_SCALING = "autoscaling"


class ActionFailedError(Exception):
    """An action cannot be carried out; the text says why."""


def register(service: str, action: Action) -> None:
    """Let a service that rests on this one carry out actions; it goes by its name in ARNs."""
    _BY_SERVICE[service] = action


def is_arn(text: str) -> bool:
    """Whether an action is written as an ARN."""
    return text.startswith("arn:") and text.count(":") >= 5


def service_of(arn: str) -> str:
    """The service in an action's ARN."""
    return arn.split(":")[2]


def of_state(alarm: Alarm) -> list[str]:
    """The ARNs of the actions for the state that the alarm is in."""
    by_state = {
        "ALARM": alarm.alarm_actions,
        "OK": alarm.ok_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }
    return list(by_state[alarm.state_value] or [])


def carry_out(backend: CloudWatchBackend, alarm: Alarm, before: str, arns: list[str]) -> None:
    """Carry out actions, and note in the alarm's history how each went."""
    for arn in arns:
        service = service_of(arn)
        kind = {"sns": "NOTIFICATION", AUTO_SCALING: "AUTO_SCALING"}.get(service, service.upper())
        data = {"actionState": "Succeeded", "notificationResource": arn, "stateUpdateType": kind}
        summary = f"Successfully executed action {arn}"
        try:
            _action(service)(backend, alarm, before, arn)
        except Exception as error:  # noqa: BLE001 - moto may raise anything: the history says it
            reason = getattr(error, "message", None) or str(error)
            data |= {"actionState": "Failed", "error": reason}
            summary = f'Failed to execute action {arn}. Received error: "{reason}"'
        note(alarm, "Action", summary, data)


def _action(service: str) -> Action:
    if service not in _BY_SERVICE:
        raise ActionFailedError(f"The local AWS carries out no actions of {service}.")
    return _BY_SERVICE[service]


def _notify(backend: CloudWatchBackend, alarm: Alarm, before: str, arn: str) -> None:
    region = arn.split(":")[3]
    place = _region_name(backend.region_name)
    sns_backends[backend.account_id][region].publish(
        message=json.dumps(_message(backend, alarm, before, place)),
        arn=arn,
        subject=f'{alarm.state_value}: "{alarm.name}" in {place}'[:100],
    )


_BY_SERVICE: dict[str, Action] = {"sns": _notify}


def _message(backend: CloudWatchBackend, alarm: Alarm, before: str, place: str) -> dict[str, Any]:
    """AWS: "Amazon SNS notifications" of alarms; the trigger's names differ from the API's."""
    statistic = (
        {"StatisticType": "Statistic", "Statistic": _in_capitals(alarm.statistic)}
        if alarm.statistic
        else {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": alarm.extended_statistic}
    )
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "AlarmConfigurationUpdatedTimestamp": long_time(
            alarm.configuration_updated_timestamp.timestamp()
        ),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": long_time(alarm.state_updated_timestamp.timestamp()),
        "Region": place,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions or [],
        "AlarmActions": alarm.alarm_actions or [],
        "InsufficientDataActions": alarm.insufficient_data_actions or [],
        "Trigger": {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            **statistic,
            "Unit": alarm.unit,
            "Dimensions": [{"value": each.value, "name": each.name} for each in alarm.dimensions],
            "Period": alarm.period,
            "EvaluationPeriods": alarm.evaluation_periods,
            **_datapoints_to_alarm(alarm),
            "ComparisonOperator": alarm.comparison_operator,
            "Threshold": alarm.threshold,
            "TreatMissingData": alarm.treat_missing_data or "missing",
            "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
        },
    }


def _in_capitals(statistic: str) -> str:
    """SampleCount is SAMPLE_COUNT."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", statistic).upper()


def _datapoints_to_alarm(alarm: Alarm) -> dict[str, int]:
    """Only where the alarm was given it; answers of the real CloudWatch as recorded."""
    given = alarm.datapoints_to_alarm
    return {} if given is None else {"DatapointsToAlarm": given}


@functools.lru_cache
def _region_name(region: str) -> str:
    """Such as US East (N. Virginia)."""
    for partition in Session().get_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region
