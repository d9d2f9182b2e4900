"""The calls about alarms: moto keeps alarms, and never evaluates or carries out one.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html,
API_SetAlarmState and API_DescribeAlarms.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.exceptions import (
    InvalidFormat,
    ResourceNotFound,
    ResourceNotFoundException,
    ValidationError,
)
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.cloudwatch import alarm_reasons, alarm_state
from local_aws.control_plane.cloudwatch.alarm_notes import note, notes_of
from local_aws.control_plane.cloudwatch.api import alarm_metrics
from local_aws.control_plane.cloudwatch.api.alarm_request import require_valid

_STATES = ("INSUFFICIENT_DATA", "ALARM", "OK")
_KEPT = (
    "actions_enabled",
    "history",
    "state_reason",
    "state_reason_data",
    "state_transitioned_timestamp",
    "state_updated_timestamp",
    "state_value",
)
"""What a changed alarm keeps of the former one; its notes as well."""

_moto_put = CloudWatchBackend.put_metric_alarm
_moto_tags = CloudWatchBackend.list_tags_for_resource


def install() -> None:
    moto_seams.replace(CloudWatchBackend, list_tags_for_resource=_tags, put_metric_alarm=_put)
    moto_seams.replace(
        CloudWatchResponse,
        put_metric_alarm=_answer_put,
        describe_alarms=_describe,
        describe_alarms_for_metric=_describe_for_metric,
        set_alarm_state=_set_state,
    )
    for name in ("Metrics", "StateReasonData"):
        path = f"MetricAlarms.MetricAlarm.{name}"
        CloudWatchResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[path] = _unless_there_is_none


def _unless_there_is_none(value: Any) -> Any:
    """An alarm that was never evaluated has no data for its reason; answers as recorded."""
    return None if value in (None, [], "{}") else value


def put_alarm(backend: CloudWatchBackend, request: Mapping[str, Any]) -> Alarm:
    """Create or change an alarm; `request` has the members of PutMetricAlarm.

    Raises ValidationError and InvalidParameterValue.
    """
    metrics = request.get("Metrics")
    request = alarm_metrics.on_its_metric(request)
    require_valid(request)
    to_alarm = request.get("DatapointsToAlarm")
    alarm = backend.put_metric_alarm(
        name=request["AlarmName"],
        namespace=request["Namespace"],
        metric_name=request["MetricName"],
        comparison_operator=request["ComparisonOperator"],
        evaluation_periods=int(request["EvaluationPeriods"]),
        datapoints_to_alarm=None if to_alarm is None else int(to_alarm),
        period=int(request["Period"]),
        threshold=float(request["Threshold"]),
        statistic=request.get("Statistic"),  # type: ignore[arg-type] # or an extended one
        extended_statistic=request.get("ExtendedStatistic"),
        description=request.get("AlarmDescription"),  # type: ignore[arg-type] # as moto's own call
        dimensions=list(request.get("Dimensions", [])),
        alarm_actions=list(request.get("AlarmActions", [])),
        ok_actions=list(request.get("OKActions", [])),
        insufficient_data_actions=list(request.get("InsufficientDataActions", [])),
        unit=request.get("Unit"),
        actions_enabled=request.get("ActionsEnabled", True),
        treat_missing_data=request.get("TreatMissingData"),
        evaluate_low_sample_count_percentile=request.get("EvaluateLowSampleCountPercentile"),
        tags=list(request.get("Tags", [])),
    )
    alarm_metrics.note_metrics(alarm, metrics)
    return alarm


def _put(
    self: CloudWatchBackend, name: str, tags: list[dict[str, str]] | None = None, **settings: Any
) -> Alarm:
    """A changed alarm keeps its state, its history and its tags.

    moto takes percentiles for the only extended statistics.
    """
    before = self.alarms.get(name)
    extended = settings.pop("extended_statistic", None)
    alarm = _moto_put(self, name=name, tags=None if before else tags, **settings)
    alarm.extended_statistic = extended
    if before is None:
        alarm.state_value, alarm.state_reason = "INSUFFICIENT_DATA", alarm_reasons.INITIAL
        alarm.state_transitioned_timestamp = alarm.state_updated_timestamp  # type: ignore[attr-defined] # which moto lacks
        note(alarm, "ConfigurationUpdate", f'Alarm "{name}" created', {"type": "Create"})
        return alarm
    enabled = settings.get("actions_enabled")
    alarm.__dict__.update({key: before.__dict__[key] for key in _KEPT})
    alarm.actions_enabled = True if enabled is None else bool(enabled)
    alarm.__dict__["local_aws_notes"] = before.__dict__["local_aws_notes"]
    notes_of(alarm).next_evaluation = 0.0
    note(alarm, "ConfigurationUpdate", f'Alarm "{name}" updated', {"type": "Update"})
    return alarm


def _answer_put(self: CloudWatchResponse) -> ActionResult:
    put_alarm(self.cloudwatch_backend, self._get_params())
    return EmptyResult()


def _tags(self: CloudWatchBackend, arn: str) -> dict[str, str]:
    """API_ListTagsForResource: ResourceNotFoundException."""
    name = arn.partition(":alarm:")[2]
    if name and name not in self.alarms:
        raise ResourceNotFoundException
    tags: dict[str, str] = _moto_tags(self, arn)
    return tags


def _set_state(self: CloudWatchResponse) -> ActionResult:
    """Set it until the next evaluation, and carry out the state's actions."""
    name, state = self._get_param("AlarmName"), self._get_param("StateValue")
    alarm = self.cloudwatch_backend.alarms.get(name)
    if state not in _STATES:
        raise ValidationError(
            f"1 validation error detected: Value '{state}' at 'stateValue' failed to satisfy "
            "constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
        )
    given = self._get_param("StateReasonData") or "{}"
    try:
        data = json.loads(given)
    except ValueError:
        raise InvalidFormat("StateReasonData was not valid JSON") from None
    if alarm is None:
        raise ResourceNotFound("")  # AWS says no more than the code
    described = data if isinstance(data, dict) else {}
    value = alarm_reasons.newest_value(described)
    if value is not None:
        notes_of(alarm).value = value  # for the scaling policies that the state carries out
    alarm_state.change(
        self.cloudwatch_backend,
        alarm,
        state,
        self._get_param("StateReason"),
        described,
        given,
        time.time(),
    )
    return EmptyResult()


def _describe(self: CloudWatchResponse) -> ActionResult:
    """All filters that are given must fit; moto looks at the first one only."""
    names, prefix = self._get_param("AlarmNames", []), self._get_param("AlarmNamePrefix")
    if names and prefix:
        raise ValidationError("AlarmNames and AlarmNamePrefix cannot be specified together.")
    action, state = self._get_param("ActionPrefix"), self._get_param("StateValue")
    found = [
        alarm
        for alarm in self.cloudwatch_backend.alarms.values()
        if (not names or alarm.name in names)
        and alarm.name.startswith(prefix or "")
        and (not state or alarm.state_value == state)
        and (not action or any(arn.startswith(action) for arn in _all_actions(alarm)))
    ]
    if "MetricAlarm" not in self._get_param("AlarmTypes", ["MetricAlarm"]):
        found = []
    found.sort(key=lambda alarm: str(alarm.name))
    shown = [alarm_metrics.as_put(alarm) for alarm in found]
    return ActionResult({"MetricAlarms": shown, "CompositeAlarms": [], "LogAlarms": []})


def _all_actions(alarm: Alarm) -> list[str]:
    return [*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions]


def _describe_for_metric(self: CloudWatchResponse) -> ActionResult:
    """moto compares neither dimensions nor what else is given."""
    wanted = {each["Name"]: each["Value"] for each in self._get_param("Dimensions", [])}
    compared = {
        "metric_name": self._get_param("MetricName"),
        "namespace": self._get_param("Namespace"),
        "statistic": self._get_param("Statistic"),
        "extended_statistic": self._get_param("ExtendedStatistic"),
        "period": self._get_param("Period"),
        "unit": self._get_param("Unit"),
    }
    found = [
        alarm
        for alarm in self.cloudwatch_backend.alarms.values()
        if {each.name: each.value for each in alarm.dimensions} == wanted
        and all(value is None or getattr(alarm, key) == value for key, value in compared.items())
    ]
    return ActionResult({"MetricAlarms": [alarm_metrics.as_put(alarm) for alarm in found]})
