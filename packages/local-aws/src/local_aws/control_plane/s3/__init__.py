"""S3: objects and their versions, and who may be given them.

    versions.py               versions of an object, and delete markers
    version_ids.py            their ids, which only S3 can issue
    object_reads.py           how a version of an object is read
    preconditions.py          whether a request's conditions on an object hold
    deletions.py              deletions of one object or of several
    object_locks.py           Object Lock, of a bucket and of an object
    conditional_writes.py     writes that require a known version
    checksums.py              checksums of objects and of parts
    crc.py                    checksums that Python's library lacks
    encryption.py             with which key an object is encrypted
    customer_keys.py          keys that come with each request (SSE-C)
    listing.py                objects, versions and buckets, page by page
    pages.py                  which entries of a list come on a page
    known_uploads.py          the upload that a request names
    multipart_uploads.py      uploads in parts: begun, listed and completed
    copies.py                 what CopyObject and UploadPartCopy copy
    tags.py                   tags of buckets and of objects
    bucket_reads.py           settings of a bucket that moto does not have
    new_buckets.py            what each new bucket has: encryption, no ACLs, no public access
    acl_requests.py           the ACL that a request gives
    access_control_lists.py   ACLs that a bucket does not take
    public_policies.py        policies that Block Public Access refuses
    bucket_names.py           names that a new bucket can have
    locations.py              and in which Regions it can be
    bucket_settings.py        what a bucket's settings must say
    notification_destinations.py   they must be there
    object_requests.py        what a request about an object must name
    post_policies.py          what a browser's form may upload
    emulated_operations.py    operations that moto mistakes for others
    request_headers.py        headers that S3 refuses, and keys that are too long
    request_documents.py      documents that its schema does not allow
    request_settings.py       settings that its schema allows, and S3 does not
    lifecycle_rules.py        of these, the rules of a lifecycle
    lifecycle_answers.py      the rules as they were put, each with an ID
    cors_rules.py             and of CORS
    website_settings.py       and a website
    mfa_delete.py             which nobody can enable here
    bucket_owners.py          whose buckets a request expects
    request_payment.py        who pays for requests
    selections.py             what a SelectObjectContent request must have
    object_parts.py           one part of an object that was uploaded in several
    part_checksums.py         checksums of parts: named by a completion, and shown
    part_lists.py             parts of an upload, and of an object, page by page

moto keeps all settings of a bucket, but a new one lacks those that AWS sets since April 2023. What
Block Public Access leaves of an existing public access is decided in IAM, for unsigned calls.
"""

from __future__ import annotations

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.s3 import (
    access_control_lists,
    bucket_owners,
    bucket_reads,
    bucket_settings,
    checksums,
    conditional_writes,
    copies,
    customer_keys,
    deletions,
    emulated_operations,
    encryption,
    known_uploads,
    lifecycle_answers,
    listing,
    locations,
    mfa_delete,
    multipart_uploads,
    new_buckets,
    object_locks,
    object_parts,
    object_reads,
    object_requests,
    part_lists,
    public_policies,
    request_documents,
    request_headers,
    request_payment,
    request_settings,
    selections,
    tags,
    versions,
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
