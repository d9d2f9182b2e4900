"""DeleteObject, DeleteObjects and DeleteBucket, with what each says of versions.

Source: API_DeleteObject, API_DeleteObjects (1,000 keys, Quiet), API_DeleteBucket; answers of the
real S3 as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from moto.core.responses import ActionResult
from moto.s3.exceptions import BucketNotEmpty, InvalidVersion, MalformedXML, S3ClientError
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams, refused_parts, xml_documents
from local_aws.control_plane.refused_parts import RefusedParts
from local_aws.control_plane.s3.objects import object_locks

_MOST_KEYS = 1_000

_moto_delete = S3Response.delete_object
_moto_delete_bucket = S3Response.delete_bucket


def install() -> None:
    moto_seams.replace(
        S3Response,
        delete_object=_delete,
        delete_bucket=_delete_bucket,
        _bucket_response_delete_keys=_delete_several,
    )


def _delete(self: S3Response) -> Any:
    object_locks.require_bypassable(self)
    return _moto_delete(self)


def _delete_bucket(self: S3Response) -> Any:
    try:
        return _moto_delete_bucket(self)
    except BucketNotEmpty as refused:
        if self.backend.get_bucket(self.bucket_name).versioning_status:
            refused.message += ". You must delete all versions in the bucket."
        raise


def _delete_several(self: S3Response, bucket_name: str, authenticated: bool = True) -> Any:  # noqa: ARG001 - IAM has said it
    object_locks.require_bypassable(self)
    document = ElementTree.fromstring(self.body)  # noqa: S314 - the endpoint has read it before
    named = [xml_documents.texts_in(each) for each in document.iterfind("{*}Object")]
    if not 0 < len(named) <= _MOST_KEYS:
        raise MalformedXML
    refused = self.request.environ[refused_parts.ENVIRON]
    answers = [_delete_one(self, bucket_name, each, refused) for each in named]
    errors = [each for each in answers if "Code" in each]
    is_quiet = xml_documents.texts_in(document).get("Quiet", "").strip().lower() == "true"
    deleted: Iterable[Any] = () if is_quiet else (each for each in answers if "Code" not in each)
    self.data["Action"] = "DeleteObjects"
    return self.serialized(
        ActionResult({"Deleted": list(deleted) or None, "Errors": errors or None})
    )


def _delete_one(
    call: S3Response, bucket_name: str, named: Mapping[str, str], refused: RefusedParts
) -> dict[str, Any]:
    """Delete one of several: the members of Deleted, or those of Errors, which have a Code."""
    key, version = named["Key"], named.get("VersionId")
    about: dict[str, Any] = {"Key": key, **({"VersionId": version} if version else {})}
    call.backend.get_bucket(bucket_name)  # which is missed before anything else
    refusal = refused.get((f"arn:aws:s3:::{bucket_name}/{key}", version or None))
    if refusal:
        return {**about, "Code": refusal.code, "Message": refusal.message}
    bypasses = call.headers.get(object_locks.BYPASS, "").lower() == "true"
    try:
        _, shown = call.backend.delete_object(bucket_name, key, version or None, bypass=bypasses)
    except InvalidVersion:
        gone = "The specified version does not exist."
        return {**about, "Code": "NoSuchVersion", "Message": gone}
    except S3ClientError as refused:
        return {**about, "Code": refused.code, "Message": refused.message}
    if "delete-marker" in shown:
        about["DeleteMarker"] = True
        about["DeleteMarkerVersionId"] = shown["version-id"]
    return about
