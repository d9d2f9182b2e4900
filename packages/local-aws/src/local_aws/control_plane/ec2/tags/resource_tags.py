"""The tags of one resource are looked up, where moto goes through the tags of all.

Each row of a list shows its tags: with 1,301 images and their snapshots, a list took seconds once
there were some thousand tags.
"""

from __future__ import annotations

from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(TaggedEC2Resource, get_tags=_tags)


def _tags(self: TaggedEC2Resource) -> list[dict[str, str]]:
    """As moto has them, by "key", "value", "resource_id" and "resource_type"."""
    resource_id: str = self.id  # type: ignore[attr-defined] # each resource has one
    found = self.ec2_backend.tags.get(resource_id)  # type: ignore[attr-defined] # and its backend
    if not found:
        return []
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(resource_id), "")
    about = {"resource_id": resource_id, "resource_type": kind}
    return [{**about, "key": key, "value": value} for key, value in found.copy().items()]
