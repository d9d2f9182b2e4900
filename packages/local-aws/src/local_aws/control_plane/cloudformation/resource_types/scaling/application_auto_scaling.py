"""Application Auto Scaling: what of other services may scale, and by which policies."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import (
    Api,
    RefusedByApiError,
    ResourceByApi,
)

_TARGET = ("ResourceId", "ScalableDimension", "ServiceNamespace")
_SERVICE = "application-autoscaling"
_CONFIGURATIONS = ("StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration")


class ScalableTarget(ResourceByApi):
    """AWS: "AWS::ApplicationAutoScaling::ScalableTarget": capacities change in place; Ref is
    `resource|dimension|namespace`."""

    changing_properties = frozenset({"MaxCapacity", "MinCapacity", "RoleARN", "SuspendedState"})

    def create(self, place: Place, properties: Properties) -> str:
        names = (*_TARGET, *self.changing_properties)
        Api(place, _SERVICE).register_scalable_target(
            **{name: properties[name] for name in names if name in properties}
        )
        return "|".join(properties[name] for name in _TARGET)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        return self.create(place, new)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, _SERVICE).deregister_scalable_target(**_target(model))

    def attribute(self, model: Any, name: str) -> Any:
        return model if name == "Id" else super().attribute(model, name)


class ScalingPolicy(ResourceByApi):
    """AWS: "AWS::ApplicationAutoScaling::ScalingPolicy": its configuration changes in place; it
    names its target by ScalingTargetId or by the target's three properties."""

    changing_properties = frozenset({"PolicyType", *_CONFIGURATIONS})

    def create(self, place: Place, properties: Properties) -> str:
        configured = {name: properties[name] for name in _CONFIGURATIONS if name in properties}
        policy = Api(place, _SERVICE).put_scaling_policy(
            **_target_of(properties),
            PolicyName=properties["PolicyName"],
            PolicyType=properties["PolicyType"],
            **configured,
        )
        return str(policy["PolicyARN"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        self.create(place, new)
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        with suppress(RefusedByApiError):  # its target may have been deregistered, and it with it
            Api(place, _SERVICE).delete_scaling_policy(
                **_target_of(properties), PolicyName=properties["PolicyName"]
            )


def _target(target_id: str) -> dict[str, str]:
    parts = target_id.split("|")
    if len(parts) != len(_TARGET):
        raise ResourceFailedError(f"ScalingTargetId {target_id} is no id of a scalable target.")
    return dict(zip(_TARGET, parts, strict=True))


def _target_of(properties: Properties) -> dict[str, str]:
    if "ScalingTargetId" in properties:
        return _target(properties["ScalingTargetId"])
    return {name: properties[name] for name in _TARGET}
