"""AWS::SSM::Parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
)


class Parameter(ResourceType):
    """A change puts a new version; moto deletes the parameter and creates another.

    AWS: "AWS::SSM::Parameter": Value updates without interruption, Name by replacement; a parameter
    without a Name gets one, `CFN-{logical id}-{suffix}`. Tags are a mapping here.
    """

    attributes: ClassVar[Mapping[str, str]] = {"Type": "parameter_type"}

    def create(self, place: Place, properties: Properties) -> Any:
        suffix = generated_name(self.name, place).rpartition("-")[2]
        name = properties.get("Name") or f"CFN-{place.logical_id}-{suffix}"
        self._put(place, name, properties, overwrite=False)
        self._tag(place, name, {**place.tags, **properties.get("Tags", {})})
        return backends.ssm(place).get_parameter(name)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        ssm = backends.ssm(place)
        if any(old.get(name) != new.get(name) for name in {*old, *new} - {"Tags"}):
            self._put(place, model.name, new, overwrite=True)
        removed = set(old.get("Tags", {})) - set(new.get("Tags", {}))
        ssm.remove_tags_from_resource("Parameter", model.name, list(removed))
        self._tag(place, model.name, new.get("Tags", {}))
        return ssm.get_parameter(model.name)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ssm(place).delete_parameter(model.name)

    def attributes_changed_by(self, changed: frozenset[str]) -> frozenset[str]:
        return changed & {"Value", "Type"}

    def _put(self, place: Place, name: str, properties: Properties, *, overwrite: bool) -> None:
        backends.ssm(place).put_parameter(
            name=name,
            description=properties.get("Description", ""),
            value=str(properties.get("Value", "")),
            parameter_type=properties.get("Type"),
            allowed_pattern=properties.get("AllowedPattern"),
            keyid=None,
            overwrite=overwrite,
            tags=[],
            data_type=properties.get("DataType", "text"),
            tier=properties.get("Tier"),
            policies=properties.get("Policies"),
        )

    def _tag(self, place: Place, name: str, tags: dict[str, str]) -> None:
        backends.ssm(place).add_tags_to_resource("Parameter", name, tags)
