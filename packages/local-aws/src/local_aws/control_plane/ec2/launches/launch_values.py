"""What a launch names: an image, an instance type that EC2 has, a key pair that is there.

An image is any id of an image's form: which of them there are, only AWS knows. moto takes
everything. Source: "Error codes" in the Amazon EC2 API Reference.
"""

from __future__ import annotations

import functools

from moto.core.utils import get_service_model
from moto.ec2.exceptions import EC2ClientError, MalformedAMIIdError
from moto.ec2.models import EC2Backend


def check_image(image_id: str) -> None:
    """Raise EC2ClientError for what is no image's id."""
    if not image_id:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter ImageId")
    if not image_id.startswith("ami-"):
        raise MalformedAMIIdError([image_id])


def check_instance_type(name: str | None) -> None:
    """Raise EC2ClientError for a type that EC2 does not have."""
    if name and not is_instance_type(name):
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{name}' for InstanceType.")


def is_instance_type(name: str) -> bool:
    return name in _instance_types()


def check_key_pair(backend: EC2Backend, name: str | None) -> None:
    """Raise EC2ClientError for a key pair that is not in the region."""
    if name and name not in backend.key_pairs:
        raise EC2ClientError("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")


@functools.cache
def _instance_types() -> frozenset[str]:
    return frozenset(get_service_model("ec2").shape_for("InstanceType").metadata["enum"])
