"""Types that are refused by name: moto would only pretend, and call the stack complete."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
)

_REASONS = {
    "AWS::CloudFormation::Stack": "The local AWS has no nested stacks.",
    "AWS::CloudFormation::WaitCondition": (
        "The local AWS receives no wait condition signals; use a CreationPolicy, which AWS "
        "recommends for EC2 and Auto Scaling resources."
    ),
    "AWS::CloudFormation::WaitConditionHandle": (
        "The local AWS has no wait conditions; use a CreationPolicy."
    ),
}


class Refused(ResourceType):
    """Fails with the reason, before anything is made."""

    def create(self, place: Place, properties: Properties) -> Any:  # noqa: ARG002
        raise ResourceFailedError(_REASONS[self.name])
