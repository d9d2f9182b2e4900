"""Secrets and their policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    as_tag_list,
    generated_name,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi

_OF_TEMPLATE_ONLY = ("GenerateStringKey", "SecretStringTemplate")


class Secret(ResourceByApi):
    """A generated value is kept until what generates it changes.

    AWS: "AWS::SecretsManager::Secret" in the CloudFormation Template Reference: only Name needs a
    replacement; Ref is the ARN.
    """

    changing_properties = frozenset(
        {"Description", "GenerateSecretString", "KmsKeyId", "SecretString", "Tags"}
    )

    def create(self, place: Place, properties: Properties) -> str:
        created = Api(place, "secretsmanager").create_secret(
            Name=properties.get("Name") or generated_name(self.name, place),
            SecretString=_value(place, properties),
            Tags=as_tag_list({**place.all_tags, **tags_of(properties)}),
            **_settings(properties),
        )
        return str(created["ARN"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        secrets = Api(place, "secretsmanager")
        sources = ("GenerateSecretString", "SecretString")
        is_kept = all(old.get(name) == new.get(name) for name in sources)
        value = {} if is_kept else {"SecretString": _value(place, new)}
        secrets.update_secret(SecretId=model, **{"Description": "", **_settings(new)}, **value)
        removed = sorted(tags_of(old).keys() - tags_of(new).keys())
        secrets.untag_resource(SecretId=model, TagKeys=removed)
        secrets.tag_resource(SecretId=model, Tags=as_tag_list(tags_of(new)))
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "secretsmanager").delete_secret(SecretId=model, ForceDeleteWithoutRecovery=True)


class SecretPolicy(ResourceByApi):
    """AWS: "AWS::SecretsManager::ResourcePolicy" in the CloudFormation Template Reference: only
    SecretId needs a replacement; Ref is the secret's ARN."""

    changing_properties = frozenset({"BlockPublicPolicy", "ResourcePolicy"})

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(place, properties["SecretId"], {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        block = {name: new[name] for name in ("BlockPublicPolicy",) if name in new}
        put = Api(place, "secretsmanager").put_resource_policy(
            SecretId=model, ResourcePolicy=json.dumps(new["ResourcePolicy"]), **block
        )
        return str(put["ARN"])

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "secretsmanager").delete_resource_policy(SecretId=model)


def _settings(properties: Properties) -> dict[str, Any]:
    return {name: properties[name] for name in ("Description", "KmsKeyId") if name in properties}


def _value(place: Place, properties: Properties) -> str:
    """What the template says, or a password, which may be a member of a JSON object."""
    if "SecretString" in properties:
        return str(properties["SecretString"])
    rules: Mapping[str, Any] = properties.get("GenerateSecretString", {})
    asked = {name: rules[name] for name in rules if name not in _OF_TEMPLATE_ONLY}
    password = Api(place, "secretsmanager").get_random_password(**asked)["RandomPassword"]
    if "GenerateStringKey" not in rules:
        return str(password)
    members = json.loads(rules["SecretStringTemplate"])
    return json.dumps({**members, rules["GenerateStringKey"]: password})
