"""The lifecycle hook requests: moto keeps hooks, and its instances never wait for one.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import group_quotas
from local_aws.control_plane.auto_scaling.api.groups import requested_group
from local_aws.control_plane.auto_scaling.group.lifecycle_hooks import (
    LAUNCHING,
    TERMINATING,
    LifecycleAction,
    LifecycleHook,
    Result,
)
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.instances import members
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group

_LONGEST_HEARTBEAT_SECONDS = 7200
"""AWS's range begins at 30 seconds. Here it begins at 1, so that a rehearsal takes seconds."""


def install() -> None:
    moto_seams.replace(
        AutoScalingResponse,
        put_lifecycle_hook=_put_lifecycle_hook,
        describe_lifecycle_hooks=_describe_lifecycle_hooks,
        delete_lifecycle_hook=_delete_lifecycle_hook,
    )
    moto_seams.add(
        AutoScalingResponse,
        complete_lifecycle_action=_complete_lifecycle_action,
        record_lifecycle_action_heartbeat=_record_lifecycle_action_heartbeat,
        describe_lifecycle_hook_types=_describe_lifecycle_hook_types,
    )


def put_hook(group: FakeAutoScalingGroup, specification: Mapping[str, Any]) -> LifecycleHook:
    """Add a hook to the group, or change it; `specification` has the members of PutLifecycleHook.

    Instances that wait already go on as they began. Raises ValidationError or LimitExceeded.
    """
    name, hooks = specification["LifecycleHookName"], notes_of(group).lifecycle_hooks
    hook = _parsed(group.name, specification, hooks.get(name))
    group_quotas.require_few(group_quotas.HOOKS, {*hooks, name})
    hooks[name] = hook
    return hook


def require_valid(group_name: str, specifications: Sequence[Mapping[str, Any]]) -> None:
    """Raise, for the hooks of a group to come, what `put_hook` would raise for one of them."""
    for specification in specifications:
        _parsed(group_name, specification)
    names = {specification["LifecycleHookName"] for specification in specifications}
    group_quotas.require_few(group_quotas.HOOKS, names)


def require_emulated(specification: Mapping[str, Any]) -> None:
    """Raise ValidationError for a hook that notifies."""
    if specification.get("NotificationTargetARN"):
        raise ValidationError(
            "NotificationTargetARN is not emulated by the local AWS: it sends no notification of a "
            "lifecycle action. Its instances wait nevertheless, and the action can be completed."
        )


def _parsed(
    group_name: str, specification: Mapping[str, Any], present: LifecycleHook | None = None
) -> LifecycleHook:
    """Return the hook that a request describes; what it leaves out is as in the present one."""
    require_emulated(specification)
    given = {
        "lifecycle_transition": specification.get("LifecycleTransition"),
        "heartbeat_timeout": specification.get("HeartbeatTimeout"),
        "default_result": specification.get("DefaultResult"),
        "notification_metadata": specification.get("NotificationMetadata"),
    }
    settings: dict[str, Any] = {
        **(vars(present) if present else {}),
        **{name: value for name, value in given.items() if value is not None},
        "auto_scaling_group_name": group_name,
        "lifecycle_hook_name": specification["LifecycleHookName"],
    }
    if settings.get("lifecycle_transition") not in (LAUNCHING, TERMINATING):
        raise ValidationError(f"LifecycleTransition must be one of [{LAUNCHING}, {TERMINATING}]")
    hook = LifecycleHook(**settings)
    hook.heartbeat_timeout = int(hook.heartbeat_timeout)
    if not 1 <= hook.heartbeat_timeout <= _LONGEST_HEARTBEAT_SECONDS:
        raise ValidationError("Heartbeat timeout must be between 30 and 7200 seconds")
    _require_result(hook.default_result)
    return hook


def has_hook(group: FakeAutoScalingGroup, name: str) -> bool:
    """Whether the group has such a hook."""
    return name in notes_of(group).lifecycle_hooks


def delete_hook(group: FakeAutoScalingGroup, name: str) -> None:
    """Delete a hook. AWS completes its outstanding actions first: a launch is abandoned, a
    termination goes on. Raises ValidationError without such a hook."""
    if notes_of(group).lifecycle_hooks.pop(name, None) is None:
        raise ValidationError(f"No Lifecycle Hook found with name {name}")
    for member in members.members_of(group):
        for action in member.lifecycle_actions or ():
            if action.hook.lifecycle_hook_name == name and action.result is None:
                is_launch = action.hook.lifecycle_transition == LAUNCHING
                action.result = "ABANDON" if is_launch else "CONTINUE"
    reconcile_group(group)


def _put_lifecycle_hook(self: AutoScalingResponse) -> ActionResult:
    put_hook(requested_group(self), self._get_params())
    return EmptyResult()


def _describe_lifecycle_hooks(self: AutoScalingResponse) -> ActionResult:
    wanted = self._get_param("LifecycleHookNames", [])
    hooks = notes_of(requested_group(self)).lifecycle_hooks
    found = [hook for name, hook in hooks.items() if not wanted or name in wanted]
    return ActionResult({"LifecycleHooks": found})


def _describe_lifecycle_hook_types(self: AutoScalingResponse) -> ActionResult:  # noqa: ARG001
    return ActionResult({"LifecycleHookTypes": [LAUNCHING, TERMINATING]})


def _delete_lifecycle_hook(self: AutoScalingResponse) -> ActionResult:
    delete_hook(requested_group(self), self._get_param("LifecycleHookName"))
    return EmptyResult()


def _complete_lifecycle_action(self: AutoScalingResponse) -> ActionResult:
    group = requested_group(self)
    result: Result = self._get_param("LifecycleActionResult")
    _require_result(result)
    _awaited_action(self, group).result = result
    reconcile_group(group)
    return EmptyResult()


def _record_lifecycle_action_heartbeat(self: AutoScalingResponse) -> ActionResult:
    _awaited_action(self, requested_group(self)).record_heartbeat(time.time())
    return EmptyResult()


def _awaited_action(response: AutoScalingResponse, group: FakeAutoScalingGroup) -> LifecycleAction:
    """Find the action that a request names by its token, or by the instance that waits."""
    hook_name = response._get_param("LifecycleHookName")
    token, instance_id = (
        response._get_param("LifecycleActionToken"),
        response._get_param("InstanceId"),
    )
    now = time.time()
    for member in members.members_of(group):
        for action in member.lifecycle_actions or ():
            is_named = token == action.token if token else instance_id == member.instance_id
            is_hook = action.hook.lifecycle_hook_name == hook_name
            if is_named and is_hook and action.result_at(now) is None:
                return action
    named = f"token {token}" if token else f"instance ID {instance_id}"
    raise ValidationError(f"No active Lifecycle Action found with {named}")


def _require_result(result: str) -> None:
    if result not in ("CONTINUE", "ABANDON"):
        raise ValidationError("Lifecycle action result must be one of [CONTINUE, ABANDON]")
