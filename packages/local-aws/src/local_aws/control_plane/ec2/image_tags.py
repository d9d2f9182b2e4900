"""CreateImage's tags are those of the image, and of the snapshots that it makes.

moto refuses a request with the latter.
Source: API_CreateImage in the EC2 API Reference: TagSpecification.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ec2.utils import add_tag_specification

from local_aws.control_plane import moto_seams

_SNAPSHOT = "snapshot"

_moto_create = EC2Backend.create_image


def install() -> None:
    moto_seams.replace(EC2Backend, create_image=_create)


def _create(
    self: EC2Backend,
    instance_id: str,
    name: str,
    description: str,
    tag_specifications: list[dict[str, Any]],
) -> Ami:
    of_snapshots = [each for each in tag_specifications if each.get("ResourceType") == _SNAPSHOT]
    others = [each for each in tag_specifications if each not in of_snapshots]
    image: Ami = _moto_create(self, instance_id, name, description, others)
    for each in of_snapshots:
        image.ebs_snapshot.add_tags(add_tag_specification([each]))
    return image
