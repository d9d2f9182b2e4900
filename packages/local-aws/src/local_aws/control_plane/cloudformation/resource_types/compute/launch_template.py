"""AWS::EC2::LaunchTemplate."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from moto.ec2.utils import parse_user_data

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
)

_VERSIONED = frozenset({"LaunchTemplateData", "TagSpecifications", "VersionDescription"})


class LaunchTemplate(ResourceType):
    """Every change is a new version, that of a tag too; its own tags are changed in place besides.

    AWS: "AWS::EC2::LaunchTemplate": only LaunchTemplateName needs a replacement; and the README of
    AWS's example of a resilient service, whose instances are replaced when a tag in
    TagSpecifications changes. moto forgets the tags.

    A rollback is an update to the former properties, so it creates one more version, with the
    former data: versions cannot be changed or renumbered ("Modify a launch template" in the EC2
    User Guide), and a rollback does not remove one (issue 1912 of
    aws-cloudformation/cloudformation-coverage-roadmap). A group that follows LatestVersionNumber
    therefore replaces every instance in its rolling update back, those of the former number too.
    """

    def create(self, place: Place, properties: Properties) -> Any:
        return backends.ec2(place).create_launch_template(
            properties.get("LaunchTemplateName") or generated_name(self.name, place),
            properties.get("VersionDescription", ""),
            _data(properties),
            {"launch-template": {**place.all_tags, **_own_tags(properties)}},
        )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        if any(old.get(name) != new.get(name) for name in _VERSIONED):
            model.create_version(_data(new), new.get("VersionDescription", ""))
        ec2 = backends.ec2(place)
        ec2.delete_tag_keys([model.id], list(set(_own_tags(old)) - set(_own_tags(new))))
        model.add_tags(_own_tags(new))
        model.tags = model.get_tags()  # moto shows this copy
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        if model.id in backends.ec2(place).launch_templates:  # or somebody has deleted it
            super().delete(place, model, properties)

    def attributes_changed_by(self, changed: frozenset[str]) -> frozenset[str]:
        return frozenset({"LatestVersionNumber"}) if changed & _VERSIONED else frozenset()


def _data(properties: Properties) -> dict[str, Any]:
    data = copy.deepcopy(dict(properties.get("LaunchTemplateData", {})))
    data["UserData"] = parse_user_data(data.get("UserData"))
    return data


def _own_tags(properties: Properties) -> Mapping[str, str]:
    """The tags for the launch template itself, not those for what it launches."""
    return {
        str(tag["Key"]): str(tag["Value"])
        for specification in properties.get("TagSpecifications", [])
        if specification.get("ResourceType") == "launch-template"
        for tag in specification.get("Tags", [])
    }
