"""Carry out CloudFormation's AutoScalingInstanceRefresh: an instance refresh, and its end.

Source: "UpdatePolicy attribute" in the CloudFormation Template Reference; CfnUpdatePolicy in the
CDK's API reference.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from local_aws.control_plane.auto_scaling.group import refresh_preferences
from local_aws.control_plane.auto_scaling.group.instance_refreshes import (
    InstanceRefresh,
    active_refresh,
)
from local_aws.control_plane.auto_scaling.instances import instance_refresh
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group
from local_aws.control_plane.auto_scaling.rolling_update.plan import RollingUpdateFailed
from local_aws.control_plane.auto_scaling.rolling_update.presence import require_there
from local_aws.control_plane.lock import LOCK

_POLL_SECONDS = 0.05


def require(policy: Mapping[str, Any]) -> None:
    """Raise ValidationError for a policy that cannot be carried out."""
    if policy.get("Strategy") != "Rolling":
        raise ValidationError(
            "The Strategy of AutoScalingInstanceRefresh must be Rolling; the local AWS emulates no "
            "other"
        )
    refresh_preferences.parsed(_preferences(policy))


def run(
    group_name: str,
    region: str,
    policy: Mapping[str, Any],
    cancelled: threading.Event,
    on_event: Callable[[str], None],
) -> None:
    """Replace the group's instances; return when the refresh is over.

    Call it in a background thread, without LOCK, after the group was given its new configuration.
    Rolling back is the same call after the group was given its old configuration again.
    `on_event(reason)` receives each step's resource status reason. Raises RollingUpdateFailed with
    the refresh's status reason, when `cancelled` is set, or when somebody deletes the group;
    nothing more is replaced then.
    """
    group = autoscaling_backends[DEFAULT_ACCOUNT_ID][region].autoscaling_groups[group_name]
    with LOCK:
        refresh = _begun(group, _preferences(policy))
    on_event(f"Instance refresh {refresh.instance_refresh_id} started.")
    reported = 0
    while refresh.is_active:
        if refresh.percentage_complete != reported:
            reported = refresh.percentage_complete
            on_event(f"Instance refresh {refresh.instance_refresh_id} is {reported}% complete.")
        is_cancelled = cancelled.wait(_POLL_SECONDS)
        with LOCK:
            require_there(group)
            if is_cancelled:
                refresh.finish("Cancelled", "The update of the stack was cancelled.")
            reconcile_group(group)
    if refresh.status != "Successful":
        raise RollingUpdateFailed(
            f"Instance refresh {refresh.instance_refresh_id}: {refresh.status}. "
            f"{refresh.status_reason or ''}".strip()
        )


def _begun(group: FakeAutoScalingGroup, preferences: Mapping[str, Any]) -> InstanceRefresh:
    active = active_refresh(group)
    if active:
        active.finish("Cancelled", "Another one was started by CloudFormation.")
    instance_refresh.require_alarms(group, refresh_preferences.parsed(preferences))
    refresh = instance_refresh.begin(group, preferences, None)
    reconcile_group(group)
    return refresh


def _preferences(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the truth value that a template may write as text."""
    given = dict(policy.get("Preferences") or {})
    if "SkipMatching" in given:
        given["SkipMatching"] = str(given["SkipMatching"]).lower() == "true"
    return given
