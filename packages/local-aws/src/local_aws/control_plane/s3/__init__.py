"""S3: objects and their versions, and who may be given them.

    api/              what requests say and must name, tags
    uploads/          objects that come in parts, of a form or as a copy
    buckets/          buckets and their settings
    objects/          objects and their versions: read, written, listed, deleted
    access/           who may be given buckets and objects: ACLs, public policies
    data_protection/  checksums and encryption of objects

moto keeps all settings of a bucket, but a new one lacks those that AWS sets since April 2023. What
Block Public Access leaves of an existing public access is decided in IAM, for unsigned calls.
"""

from __future__ import annotations

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.s3.access import access_control_lists, public_policies
from local_aws.control_plane.s3.api import (
    bucket_owners,
    emulated_operations,
    object_requests,
    request_documents,
    request_headers,
    tags,
)
from local_aws.control_plane.s3.buckets import (
    bucket_reads,
    bucket_settings,
    lifecycle_answers,
    locations,
    mfa_delete,
    new_buckets,
    request_payment,
    request_settings,
)
from local_aws.control_plane.s3.data_protection import checksums, customer_keys, encryption
from local_aws.control_plane.s3.objects import (
    conditional_writes,
    deletions,
    listing,
    object_locks,
    object_reads,
    selections,
    versions,
)
from local_aws.control_plane.s3.uploads import (
    copies,
    known_uploads,
    multipart_uploads,
    object_parts,
    part_lists,
)


def install() -> None:
    access_control_lists.install()
    new_buckets.install()
    locations.install()
    bucket_settings.install()
    object_parts.install()
    part_lists.install()
    object_requests.install()
    selections.install()
    public_policies.install()
    versions.install()
    deletions.install()
    object_locks.install()
    object_reads.install()
    copies.install()
    tags.install()
    bucket_reads.install()
    checksums.install()
    conditional_writes.install()
    encryption.install()
    lifecycle_answers.install()
    listing.install()
    multipart_uploads.install()
    known_uploads.install()
    request_payment.install()
    customer_keys.install()


def require(request: ApiRequest) -> None:
    """Raise ApiError for a request that S3 refuses by its looks, whatever there is."""
    emulated_operations.require_emulated(request)
    bucket_owners.require_expected(request)
    request_headers.require_valid(request)
    customer_keys.require_valid(request)
    locations.require_valid(request)
    request_documents.require_valid(request)
    request_settings.require_sense(request)
    mfa_delete.require_off(request)
