"""What belongs to an Auto Scaling group: its lifecycle hooks and scheduled actions."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.auto_scaling.api import lifecycle_hooks, scheduled_actions
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
)


class LifecycleHook(ResourceType):
    """A lifecycle hook of a group; moto lacks the type.

    AWS: "AWS::AutoScaling::LifecycleHook": only the names need a replacement.
    """

    def require_emulated(self, properties: Properties) -> None:
        lifecycle_hooks.require_emulated(properties)

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("LifecycleHookName") or generated_name(self.name, place)
        group = require_group(backends.auto_scaling(place), properties["AutoScalingGroupName"])
        return lifecycle_hooks.put_hook(group, {**properties, "LifecycleHookName": name})

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        group = require_group(backends.auto_scaling(place), model.auto_scaling_group_name)
        name = model.lifecycle_hook_name
        return lifecycle_hooks.put_hook(group, {**new, "LifecycleHookName": name})

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        group = _group_or_none(place, model)
        if group is not None and lifecycle_hooks.has_hook(group, model.lifecycle_hook_name):
            lifecycle_hooks.delete_hook(group, model.lifecycle_hook_name)

    def physical_id(self, model: Any) -> str:
        return str(model.lifecycle_hook_name)


class ScheduledAction(ResourceType):
    """A scheduled action of a group; moto names it after its logical id and cannot change it.

    AWS: "AWS::AutoScaling::ScheduledAction": only the group's name needs a replacement.
    """

    def create(self, place: Place, properties: Properties) -> Any:
        return self._put(place, properties, generated_name(self.name, place))

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return self._put(place, new, model.scheduled_action_name)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        group = _group_or_none(place, model)
        if group is not None:
            # One that has run is gone already.
            scheduled_actions.forget_action(group, model.scheduled_action_name)

    def physical_id(self, model: Any) -> str:
        return str(model.scheduled_action_name)

    def _put(self, place: Place, properties: Properties, name: str) -> Any:
        group = require_group(backends.auto_scaling(place), properties["AutoScalingGroupName"])
        scheduled_actions.forget_action(group, name)
        request = {**properties, "ScheduledActionName": name}
        return scheduled_actions.put_action(group, request)


def _group_or_none(place: Place, model: Any) -> Any:
    """The group of a hook or an action; None once it is gone, and with it what belongs to it."""
    return backends.auto_scaling(place).autoscaling_groups.get(model.auto_scaling_group_name)
