"""Wait conditions: refused, because nothing here can call a handle's presigned URL."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
)


class WaitConditionHandle(ResourceType):
    """Only a name. AWS makes it a presigned URL."""

    def create(self, place: Place, properties: Properties) -> Any:  # noqa: ARG002
        return f"https://cloudformation.invalid/{place.stack_name}/{place.logical_id}"

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """There is nothing to delete."""

    def physical_id(self, model: Any) -> str:
        return str(model)

    def needs_replacement(self, changed: frozenset[str]) -> bool:  # noqa: ARG002
        return False


class WaitCondition(WaitConditionHandle):
    """Fails at once with a reason; moto would ignore it and call the stack complete."""

    def create(self, place: Place, properties: Properties) -> Any:  # noqa: ARG002
        raise ResourceFailedError(
            "The local AWS does not receive wait condition signals; use a CreationPolicy, which "
            "AWS recommends for EC2 and Auto Scaling resources."
        )
