"""Carry out a CloudFormation rolling update of an Auto Scaling group, batch by batch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID

from local_aws.control_plane.auto_scaling import fleet
from local_aws.control_plane.auto_scaling.rolling_update_plan import (
    Batch,
    RollingUpdateFailed,
    RollingUpdatePolicy,
    allowed_failures,
    plan_batch,
)
from local_aws.control_plane.lock import LOCK

__all__ = ["RollingUpdateFailed", "SignalStatus", "WaitForSignals", "run"]

_POLL_SECONDS = 0.05
_STABILIZE_SECONDS = 600.0  # how long new instances may take to launch when no signal is awaited

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
    `cancelled` is set, or when the policy cannot be met. SuspendProcesses are suspended meanwhile
    and resumed in every case.
    """
