"""AWS::SSM::Document."""

from __future__ import annotations

import json
from typing import Any

from local_aws.control_plane.cloudformation.resource_schemas import Recreation
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    as_tag_list,
    generated_name,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi

_DEFAULTS = {"DocumentFormat": "JSON", "DocumentType": "Command"}
_OF_TEMPLATE_ONLY = frozenset({"Content", "Name", "Tags", "UpdateMethod"})


class Document(ResourceByApi):
    """moto requires the format, which is JSON unless a template says otherwise.

    AWS: "AWS::SSM::Document" in the CloudFormation Template Reference: a change replaces it, unless
    UpdateMethod is NewVersion, which is refused here.
    """

    changing_properties = frozenset({"Tags", "UpdateMethod"})

    def recreation(self, name: str, old: Properties, new: Properties) -> Recreation:
        found = super().recreation(name, old, new)
        if found == "Conditionally":
            return "Never" if new.get("UpdateMethod") == "NewVersion" else "Always"
        return found

    def create(self, place: Place, properties: Properties) -> str:
        name = properties.get("Name") or generated_name(self.name, place)
        content = properties["Content"]
        settings = {k: v for k, v in properties.items() if k not in _OF_TEMPLATE_ONLY}
        Api(place, "ssm").create_document(
            Name=name,
            Content=content if isinstance(content, str) else json.dumps(content),
            Tags=as_tag_list({**place.tags, **tags_of(properties)}),
            **{**_DEFAULTS, **settings},
        )
        return str(name)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        ssm, document = Api(place, "ssm"), {"ResourceType": "Document", "ResourceId": model}
        removed = sorted(tags_of(old).keys() - tags_of(new).keys())
        ssm.remove_tags_from_resource(**document, TagKeys=removed)
        ssm.add_tags_to_resource(**document, Tags=as_tag_list(tags_of(new)))
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "ssm").delete_document(Name=model)
