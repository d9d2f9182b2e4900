"""Carry out a CloudFormation rolling update of an Auto Scaling group, batch by batch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from local_aws.control_plane.auto_scaling.group import processes, scaling_activities
from local_aws.control_plane.auto_scaling.instances import members, terminating
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group
from local_aws.control_plane.auto_scaling.rolling_update.plan import (
    Batch,
    RollingUpdateFailed,
    RollingUpdatePolicy,
    allowed_failures,
    plan_batch,
)
from local_aws.control_plane.auto_scaling.rolling_update.presence import (
    is_there,
    not_stable,
    require_there,
)
from local_aws.control_plane.lock import LOCK

__all__ = ["RollingUpdateFailed", "SignalStatus", "WaitForSignals", "run"]

_POLL_SECONDS = 0.05
_STABILIZE_SECONDS = 600.0  # how long instances may take to come, to be in service, and to go

SignalStatus = Literal["SUCCESS", "FAILURE"]
WaitForSignals = Callable[[Sequence[str], float], Mapping[str, SignalStatus]]
"""`wait_for_signals(instance_ids, timeout_seconds)`: without LOCK, block until each instance has
signalled, the time is over or the update is cancelled; return what came, by instance id."""


def run(
    group_name: str,
    region: str,
    policy: Mapping[str, Any],
    wait_for_signals: WaitForSignals,
    cancelled: threading.Event,
    on_event: Callable[[str], None],
) -> None:
    """Replace the group's instances that have an older configuration; return when all are replaced.

    Call it in a background thread, without LOCK, after the group was given its new configuration.
    An up-to-date group returns at once. Rolling back is the same call after the group was given its
    old configuration again.

    `policy` is the template's `AutoScalingRollingUpdate` mapping. `on_event(reason)` receives each
    step's resource status reason. Raises RollingUpdateFailed(reason) when signals do not come, when
    `cancelled` is set, when somebody deletes the group, or when the policy cannot be met.
    SuspendProcesses are suspended meanwhile and resumed in every case.
    """
    _RollingUpdate(
        autoscaling_backends[DEFAULT_ACCOUNT_ID][region].autoscaling_groups[group_name],
        RollingUpdatePolicy.from_template(policy),
        wait_for_signals,
        cancelled,
        on_event,
    ).run()


class _RollingUpdate:
    def __init__(
        self,
        group: FakeAutoScalingGroup,
        policy: RollingUpdatePolicy,
        wait_for_signals: WaitForSignals,
        cancelled: threading.Event,
        on_event: Callable[[str], None],
    ) -> None:
        self._group = group
        self._policy = policy
        self._wait_for_signals = wait_for_signals
        self._cancelled = cancelled
        self._on_event = on_event
        self._to_replace = 0
        self._succeeded = 0
        self._failed = 0

    def run(self) -> None:
        with LOCK:
            self._to_replace = len(self._obsolete())
            desired_capacity = self._group.desired_capacity
        if not self._to_replace:
            return
        self._announce()
        with LOCK:
            suspended = processes.suspend(self._group, self._policy.suspend_processes)
        try:
            while step := self._begin_next_batch():
                self._finish_batch(*step)
        finally:
            with LOCK:
                self._group.desired_capacity = desired_capacity
                processes.resume(self._group, suspended)
                if is_there(self._group):
                    reconcile_group(self._group)

    def _begin_next_batch(self) -> tuple[Batch, set[str]] | None:
        """Start the next batch as soon as the plan has one; return it and the members before it."""
        deadline = time.monotonic() + _STABILIZE_SECONDS
        while True:
            with LOCK:
                require_there(self._group)
                if not self._obsolete():
                    return None
                batch = self._plan()
                if batch and self._changes_something(batch):
                    before = {member.instance_id for member in members.members_of(self._group)}
                    self._begin(batch)
                    return batch, before
            self._poll(deadline)

    def _plan(self) -> Batch | None:
        in_service = [member.instance_id for member in members.in_service(self._group)]
        obsolete = [member.instance_id for member in self._obsolete()]
        return plan_batch(
            self._policy,
            obsolete=[instance_id for instance_id in obsolete if instance_id in in_service],
            in_service=len(in_service),
            desired_capacity=self._group.desired_capacity or 0,
            max_size=self._group.max_size or 0,
        )

    def _changes_something(self, batch: Batch) -> bool:
        return bool(batch.terminate) or batch.desired_capacity != self._group.desired_capacity

    def _begin(self, batch: Batch) -> None:
        self._group.desired_capacity = batch.desired_capacity
        for member in members.in_service(self._group):
            if member.instance_id in batch.terminate:
                cause = scaling_activities.at(
                    f"instance {member.instance_id} was taken out of service in response to a user "
                    "request."
                )
                terminating.begin(self._group, member, cause)
        reconcile_group(self._group)

    def _finish_batch(self, batch: Batch, before: set[str]) -> None:
        """Await the batch's new instances, their success, and the end of the old ones."""
        if batch.terminate:
            old = ",".join(batch.terminate)
            self._on_event(
                f"Terminating instance(s) [{old}]; replacing with {len(batch.terminate)} new "
                "instance(s)."
            )
        else:
            self._on_event(
                "Temporarily setting autoscaling group MinSize and DesiredCapacity to "
                f"{batch.desired_capacity}."
            )
        new = self._await_launch(before)
        if self._policy.wait_on_resource_signals:
            self._await_signals(new)
        else:
            self._await_in_service(new)
            self._cancelled.wait(self._policy.pause_time_seconds)
            self._check_cancelled()
        if batch.terminate:
            self._await_gone(batch.terminate)
            with LOCK:
                replaced = self._to_replace - len(self._obsolete())
            percent = 100 * replaced // self._to_replace
            self._on_event(f"Successfully terminated instance(s) [{old}] (Progress {percent}%).")

    def _await_launch(self, before: set[str]) -> list[str]:
        deadline = time.monotonic() + _STABILIZE_SECONDS
        while True:
            with LOCK:
                require_there(self._group)
                present = [member.instance_id for member in members.counted(self._group)]
                if len(present) >= (self._group.desired_capacity or 0):
                    return [instance_id for instance_id in present if instance_id not in before]
            self._poll(deadline)

    def _await_in_service(self, instance_ids: Sequence[str]) -> None:
        deadline = time.monotonic() + _STABILIZE_SECONDS
        while True:
            with LOCK:
                require_there(self._group)
                serving = {member.instance_id for member in members.in_service(self._group)}
            if serving.issuperset(instance_ids):
                return
            self._poll(deadline)

    def _await_gone(self, instance_ids: Sequence[str]) -> None:
        deadline = time.monotonic() + _STABILIZE_SECONDS
        while True:
            with LOCK:
                require_there(self._group)
                reconcile_group(self._group)
                if not any(members.find(self._group, name) for name in instance_ids):
                    return
            self._poll(deadline)

    def _await_signals(self, instance_ids: Sequence[str]) -> None:
        self._on_event(
            "New instance(s) added to autoscaling group - Waiting on "
            f"{len(instance_ids)} resource signal(s) with a timeout of {self._policy.pause_time}."
        )
        came = self._wait_for_signals(instance_ids, self._policy.pause_time_seconds)
        self._check_cancelled()
        missing = len(instance_ids) - len(came)
        if missing:
            self._on_event(
                f"Failed to receive {missing} resource signal(s) for the current batch.  Each "
                "resource signal timeout is counted as a FAILURE."
            )
        succeeded = list(came.values()).count("SUCCESS")
        self._succeeded += succeeded
        self._failed += len(instance_ids) - succeeded
        if self._failed > allowed_failures(self._policy, self._to_replace):
            raise RollingUpdateFailed(
                f"Received {self._succeeded} SUCCESS signal(s) out of "
                f"{self._succeeded + self._failed}.  Unable to satisfy "
                f"{self._policy.min_successful_instances_percent}% MinSuccessfulInstancesPercent "
                "requirement"
            )

    def _announce(self) -> None:
        policy = self._policy
        reason = (
            f"Rolling update initiated. Terminating {self._to_replace} obsolete instance(s) in "
            f"batches of {policy.max_batch_size}, while keeping at least "
            f"{policy.min_instances_in_service} instance(s) in service."
        )
        if policy.wait_on_resource_signals:
            reason += (
                f" Waiting on resource signals with a timeout of {policy.pause_time} when new "
                "instances are added to the autoscaling group."
            )
        self._on_event(reason)

    def _obsolete(self) -> list[members.Member]:
        return [
            member
            for member in members.counted(self._group)
            if not members.is_current(self._group, member)
        ]

    def _poll(self, deadline: float) -> None:
        """Wait a little before looking again; raises when the time is over or on cancellation."""
        if time.monotonic() > deadline:
            with LOCK:
                raise RollingUpdateFailed(not_stable(self._group))
        self._cancelled.wait(_POLL_SECONDS)
        self._check_cancelled()

    def _check_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise RollingUpdateFailed("Resource update cancelled")
