"""Custom resources: they need a Lambda runtime, which the local AWS has not."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane import wiring
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
)


class CustomResource(ResourceType):
    """Fails with a clear reason, or is skipped: it succeeds without doing anything.

    moto would start a container and leave the stack in CREATE_IN_PROGRESS for ever.
    """

    replacing_properties = frozenset({"ServiceToken"})
    takes_secrets = False

    def create(self, place: Place, properties: Properties) -> Any:  # noqa: ARG002 - nothing is called
        if wiring.current().skip_custom_resources:
            return f"{place.stack_name}-{place.logical_id}-skipped"
        raise ResourceFailedError(
            f"{self.name} needs an AWS Lambda runtime, which the local AWS does not have. "
            "Start it with --skip-custom-resources to have custom resources skipped."
        )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """A skipped resource made nothing."""

    def physical_id(self, model: Any) -> str:
        return str(model)

    def attribute(self, model: Any, name: str) -> str:  # noqa: ARG002 - what a Lambda would return
        return ""
