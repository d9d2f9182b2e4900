"""AWS::KMS::Key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types import backends
from local_aws.control_plane.cloudformation.resource_types.base import Place, Properties
from local_aws.control_plane.cloudformation.resource_types.fields import TypeWithFields


class Key(TypeWithFields):
    """AWS: "AWS::KMS::Key" in the CloudFormation Template Reference: tags are `Key` and `Value`,
    where KMS's own API, and moto at creation, have `TagKey` and `TagValue`."""

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        kms = backends.kms(place)
        kms.untag_resource(model.id, list(removed))
        kms.tag_resource(model.id, dict(tags))

    def _definition(self, properties: Properties) -> dict[str, Any]:
        definition = super()._definition(properties)
        definition["Properties"].pop("Tags", None)
        definition["Properties"].setdefault("KeyPolicy", None)  # KMS then gives its default one
        return definition
