"""Which alarms a stack's operations watch, and for how long afterwards.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.exceptions import ValidationError

_ALARM = "AWS::CloudWatch::Alarm"
_COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
_ALARM_ARN = re.compile(r"arn:[\w-]+:cloudwatch:[\w-]*:\d{12}:alarm:.+")


@dataclass(frozen=True)
class RollbackConfiguration:
    """The ARNs of a stack's rollback triggers; None for what was never given."""

    triggers: tuple[str, ...] | None = None
    monitoring_minutes: int | None = None

    @classmethod
    def of(
        cls, request: Mapping[str, Any] | None, before: RollbackConfiguration | None = None
    ) -> RollbackConfiguration:
        """Of a request; what it leaves out is as before. Raises ValidationError."""
        request, before = request or {}, before or cls()
        given, minutes = request.get("RollbackTriggers"), request.get("MonitoringTimeInMinutes")
        for trigger in given or []:
            _require_alarm(str(trigger.get("Type")), str(trigger.get("Arn")))
        return cls(
            before.triggers if given is None else tuple(trigger["Arn"] for trigger in given),
            before.monitoring_minutes if minutes is None else int(minutes),
        )

    @property
    def shown(self) -> dict[str, Any]:
        """As AWS's answers have it."""
        members = {
            "RollbackTriggers": None
            if self.triggers is None
            else [{"Arn": arn, "Type": _ALARM} for arn in self.triggers],
            "MonitoringTimeInMinutes": self.monitoring_minutes,
        }
        return {name: value for name, value in members.items() if value is not None}


def _require_alarm(type_name: str, arn: str) -> None:
    """The words are AWS's as recorded, but for what is not emulated."""
    if type_name == _COMPOSITE:
        raise ValidationError(
            message=f"Rollback triggers of type {type_name} are not emulated by the local AWS, "
            f"only {_ALARM}."
        )
    if type_name != _ALARM:
        raise ValidationError(message="Rollback Trigger Type not supported")
    if not _ALARM_ARN.fullmatch(arn):
        raise ValidationError(message="RelativeId of a Rollback Trigger's ARN is incorrect")
