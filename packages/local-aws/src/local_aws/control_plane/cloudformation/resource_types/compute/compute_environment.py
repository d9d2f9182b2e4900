"""Compute environments of Batch: managed ones launch instances, unmanaged ones have none."""

from __future__ import annotations

from typing import Any

from moto.batch.utils import lowercase_first_key

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.handlers.deletions import DeletedByApi

_SERVICE = "batch.amazonaws.com"


class ComputeEnvironment(DeletedByApi):
    """moto expects the resources of a managed one, and a role.

    AWS: "AWS::Batch::ComputeEnvironment" in the CloudFormation Template Reference: without a
    ServiceRole it has the role that is linked to Batch; the type is in any case.
    """

    changing_properties = frozenset({"ServiceRole", "State", "UnmanagedvCpus"})

    def create(self, place: Place, properties: Properties) -> Any:
        resources = properties.get("ComputeResources")
        return backends.batch(place).create_compute_environment(
            properties.get("ComputeEnvironmentName") or generated_name(self.name, place),
            properties["Type"].upper(),
            properties.get("State", "ENABLED").upper(),
            lowercase_first_key(resources) if resources else None,
            _role(place, properties),
            properties.get("Tags"),
        )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        Api(place, "batch").update_compute_environment(
            computeEnvironment=model.arn,
            serviceRole=_role(place, new),
            state=new.get("State", "ENABLED").upper(),
        )
        return model


def _role(place: Place, properties: Properties) -> str:
    """The ARN; the linked role is created for the first environment that needs it."""
    given = properties.get("ServiceRole")
    if given:
        return str(given)
    roles = backends.iam(place).roles.values()
    linked = [role.arn for role in roles if f"/aws-service-role/{_SERVICE}/" in role.arn]
    if linked:
        return str(linked[0])
    created = Api(place, "iam").create_service_linked_role(AWSServiceName=_SERVICE)
    return str(created["Role"]["Arn"])
