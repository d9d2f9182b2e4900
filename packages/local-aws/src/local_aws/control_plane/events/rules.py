"""Rules: their schedules, the names of those that are not there, and five targets at most.

Source: "Amazon EventBridge quotas"; answers of the real EventBridge as they have been recorded.
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.events.exceptions import ResourceNotFoundException, ValidationException
from moto.events.models import EventsBackend, Rule
from moto.events.responses import EventsHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.events import schedules

_MOST_TARGETS = 5

_moto_list_targets = EventsHandler.list_targets_by_rule
_moto_put_rule = EventsBackend.put_rule
_moto_put_targets = Rule.put_targets


def install() -> None:
    moto_seams.replace(EventsBackend, put_rule=_put_rule, describe_rule=_describe_rule)
    moto_seams.replace(Rule, put_targets=_put_targets)
    moto_seams.replace(EventsHandler, list_targets_by_rule=_list_targets)


def _put_rule(self: EventsBackend, *given: Any, **named: Any) -> Rule:
    schedule = named.get("scheduled_expression")
    bus = self._normalize_event_bus_arn(named.get("event_bus_arn"))
    if schedule and bus == "default" and not schedules.is_valid(schedule):
        raise ValidationException("Parameter ScheduleExpression is not valid.")
    return _moto_put_rule(self, *given, **named)


def _describe_rule(self: EventsBackend, name: str, event_bus_arn: str | None) -> Rule:
    bus = self._normalize_event_bus_arn(event_bus_arn)
    rule = self._get_event_bus(bus).rules.get(name)
    if not rule:
        raise ResourceNotFoundException(f"Rule {name} does not exist on EventBus {bus}.")
    return rule


def _list_targets(self: EventsHandler) -> tuple[str, dict[str, Any]]:
    self.events_backend.describe_rule(self._get_param("Rule"), self._get_param("EventBusName"))
    return _moto_list_targets(self)


def _put_targets(self: Rule, targets: list[dict[str, Any]]) -> None:
    before = {target["Id"] for target in self.targets}
    if len(before | {target["Id"] for target in targets}) > _MOST_TARGETS:
        raise JsonRESTError(
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
    _moto_put_targets(self, targets)
