"""Rollback triggers: alarms that roll an operation on a stack back when they go to ALARM.

AWS: "Roll back your CloudFormation stack on alarm breach with rollback triggers" in the
CloudFormation User Guide.
"""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType

from moto.cloudwatch.models import Alarm, cloudwatch_backends

from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.rollback_settings import RollbackConfiguration
from local_aws.control_plane.cloudwatch import alarm_state
from local_aws.control_plane.lock import LOCK

_SECONDS_PER_MINUTE = 60.0


class TriggerWatch:
    """Watches a stack's triggers during an operation, which it cancels when one alarms.

    `breach` is the status reason then, or when a trigger is missing; None while all is well.
    """

    def __init__(
        self, configuration: RollbackConfiguration, account_id: str, operation: Operation
    ) -> None:
        self._arns = configuration.triggers or ()
        self._seconds = (configuration.monitoring_minutes or 0) * _SECONDS_PER_MINUTE
        self._account_id = account_id
        self._operation = operation
        self._watching = ExitStack()
        self.breach: str | None = None

    def __enter__(self) -> TriggerWatch:
        with LOCK:
            for arn in self._arns:
                alarm = self._alarm(arn)
                if alarm is None:
                    self._stop(f"The rollback trigger {arn} does not exist. ")
                else:
                    self._look_at(alarm)
            self._watching.enter_context(alarm_state.watched(self._look_at))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with LOCK:
            self._watching.close()

    def monitor(self) -> bool:
        """Wait for the monitoring time; whether the operation was cancelled before or meanwhile."""
        return self._operation.cancelled.wait(self._seconds)

    def resume(self) -> None:
        """Undo the cancellation: the rollback goes on. AWS: no trigger is watched during it."""
        self._operation.cancelled.clear()

    def _alarm(self, arn: str) -> Alarm | None:
        region = (arn.split(":") + [""] * 4)[3]
        backend = cloudwatch_backends[self._account_id].get(region)
        alarms = backend.alarms.values() if backend else ()
        return next((alarm for alarm in alarms if alarm.alarm_arn == arn), None)

    def _look_at(self, alarm: Alarm) -> None:
        if alarm.alarm_arn in self._arns and alarm.state_value == "ALARM":
            self._stop(f"The rollback trigger {alarm.alarm_arn} is in ALARM state. ")

    def _stop(self, reason: str) -> None:
        if self.breach is None and not self._operation.cancelled.is_set():
            self.breach = reason
            self._operation.cancel()
