"""AWS::KMS::Key and AWS::KMS::Alias."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place, Properties
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import TypeWithFields


class Alias(ResourceByApi):
    """moto fails at a key that is not there, which KMS refuses.

    AWS: "AWS::KMS::Alias" in the CloudFormation Template Reference: Ref returns the alias's name.
    """

    changing_properties = frozenset({"TargetKeyId"})

    def create(self, place: Place, properties: Properties) -> str:
        name = str(properties["AliasName"])
        Api(place, "kms").create_alias(AliasName=name, TargetKeyId=properties["TargetKeyId"])
        return name

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        Api(place, "kms").update_alias(AliasName=model, TargetKeyId=new["TargetKeyId"])
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "kms").delete_alias(AliasName=model)


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
