"""DeleteTags without tags takes all those of the user away; moto takes none.

Source: Tags in API_DeleteTags of the EC2 API Reference.
"""

from __future__ import annotations

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import validate_resource_ids
from moto.ec2.responses.tags import TagResponse

from local_aws.control_plane import moto_seams

_moto_delete = TagResponse.delete_tags


def install() -> None:
    moto_seams.replace(TagResponse, delete_tags=_delete)


def _delete(self: TagResponse) -> ActionResult:
    if self._get_param("Tags"):
        return _moto_delete(self)
    ids = self._get_param("Resources", [])
    validate_resource_ids(ids)
    self.error_on_dryrun()
    backend = self.ec2_backend
    for resource_id in ids:
        own = [key for key in backend.tags[resource_id] if not key.startswith("aws:")]
        backend.delete_tag_keys([resource_id], own)
    return EmptyResult()
