"""AWS::EC2::KeyPair, which moto lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
    tags_of,
)
from local_aws.control_plane.ec2.security import key_pairs


class KeyPair(ResourceType):
    """A key pair made by a stack keeps its private key in an SSM parameter.

    AWS: "AWS::EC2::KeyPair" in the CloudFormation Template Reference: the private key is stored as
    `/ec2/keypair/{key_pair_id}`; an imported public key stores nothing.
    """

    attributes: ClassVar[Mapping[str, str]] = {
        "KeyPairId": "id",
        "KeyFingerprint": "key_fingerprint",
    }

    def prepare(self, properties: Properties) -> None:
        if not properties.get("PublicKeyMaterial") and properties.get("KeyType", "rsa") == "rsa":
            key_pairs.prepare()

    def create(self, place: Place, properties: Properties) -> Any:
        ec2 = backends.ec2(place)
        name = properties.get("KeyName") or generated_name(self.name, place)
        tags = {**place.tags, **tags_of(properties)}  # as recorded, not CloudFormation's own
        public_key = properties.get("PublicKeyMaterial")
        if public_key:
            return ec2.import_key_pair(name, public_key.encode(), tags)
        key_pair = ec2.create_key_pair(name, properties.get("KeyType", "rsa"), tags)
        backends.ssm(place).put_parameter(
            name=_private_key_parameter(key_pair),
            description=f"Private key of {name}",
            value=key_pair.key_material,
            parameter_type="SecureString",
            allowed_pattern=None,
            keyid=None,
            overwrite=False,
            tags=[],
            data_type="text",
            tier=None,
            policies=None,
        )
        return key_pair

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_key_pair(model.key_name)
        backends.ssm(place).delete_parameter(_private_key_parameter(model))

    def physical_id(self, model: Any) -> str:
        return str(model.key_name)


def _private_key_parameter(key_pair: Any) -> str:
    return f"/ec2/keypair/{key_pair.id}"
