"""AWS::IoT::Thing."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
)


class Thing(ResourceType):
    """moto's own takes the attributes for text, and does not change them.

    AWS: "AWS::IoT::Thing" in the CloudFormation Template Reference; UpdateThing in the AWS IoT API
    Reference: without `merge`, the attributes replace those that were.
    """

    changing_properties = frozenset({"AttributePayload"})

    def create(self, place: Place, properties: Properties) -> Any:
        return backends.iot(place).create_thing(
            thing_name=properties.get("ThingName", self._name_for(place, properties)),
            thing_type_name="",
            attribute_payload=_payload(properties),
        )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        backends.iot(place).update_thing(
            thing_name=model.thing_name,
            thing_type_name="",
            attribute_payload=_payload(new),
            remove_thing_type=False,
        )
        return model


def _payload(properties: Properties) -> dict[str, Any]:
    payload = properties.get("AttributePayload") or {}
    return {"attributes": dict(payload.get("Attributes") or {})}
