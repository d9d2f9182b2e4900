"""AWS::AutoScaling::ScalingPolicy; moto lacks the type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.auto_scaling.api.scaling_policies import put_policy, require_emulated
from local_aws.control_plane.auto_scaling.scaling import policies, target_tracking
from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
)


class ScalingPolicy(ResourceType):
    """AWS: "AWS::AutoScaling::ScalingPolicy" in the CloudFormation Template Reference: only the
    group's name needs a replacement; the policy's name is CloudFormation's."""

    attributes: ClassVar[Mapping[str, str]] = {"Arn": "arn", "PolicyName": "name"}

    def require_emulated(self, properties: Properties) -> None:
        require_emulated(properties)

    def create(self, place: Place, properties: Properties) -> Any:
        name = generated_name(self.name, place)
        return put_policy(backends.auto_scaling(place), {**properties, "PolicyName": name})

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return put_policy(backends.auto_scaling(place), {**new, "PolicyName": model.name})

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backend = backends.auto_scaling(place)
        policy = policies.find(backend, model.arn)
        if policy is not None:  # it goes with its group
            target_tracking.delete_policy(backend, policy)

    def physical_id(self, model: Any) -> str:
        return str(model.arn)
