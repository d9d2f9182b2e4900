"""ACLs that a bucket does not take: all where it has them disabled, else those that are blocked.

Source: "Controlling ownership of objects and disabling ACLs for your bucket" and "Block public
access settings" in the S3 User Guide; API_PutBucketAcl, API_CreateBucket.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import (
    ALL_USERS_GRANTEE,
    AUTHENTICATED_USERS_GRANTEE,
    OWNER,
    FakeAcl,
    FakeGrantee,
)
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.access import acl_requests

DISABLED = "BucketOwnerEnforced"
"""The object ownership with which a bucket has no ACLs."""
NOT_WITH_OWNERSHIP = (
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
)

_moto_put = S3Response._bucket_response_put


def install() -> None:
    moto_seams.replace(
        S3Response,
        _acl_from_headers=_of_headers,
        _acl_from_body=_of_document,
        _bucket_response_put=_put,
    )


def _put(self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    """moto creates a bucket before it checks the ACL in the request."""
    if bucket_name in self.backend.buckets or "acl" in querystring:
        return _moto_put(self, request, bucket_name, querystring)
    acl = acl_requests.of_headers(request.headers)
    _require_possible(acl, request.headers.get("x-amz-object-ownership", DISABLED))
    made = _moto_put(self, request, bucket_name, querystring)
    if acl is not None and bucket_name in self.backend.buckets:
        self.backend.put_bucket_acl(bucket_name, acl)
    return made


def _of_headers(self: S3Response, headers: Mapping[str, str]) -> FakeAcl | None:
    """For an object always one: moto would take its bucket's."""
    acl = acl_requests.of_headers(headers)
    if acl is not None:
        _require_taken(self, acl)
    elif self.parse_key_name():
        is_acls = "acl" in self.querystring
        acl = _of_document(self) if is_acls else acl_requests.canned_acl("private")
    return acl


def _of_document(self: S3Response) -> FakeAcl:
    acl = acl_requests.of_document(self)
    _require_taken(self, acl)
    return acl


def _require_possible(acl: FakeAcl | None, ownership: str) -> None:
    """Refuse what a new bucket cannot have, public access to which is always blocked."""
    if acl is None or _is_owners(acl):
        return
    if ownership == DISABLED:
        raise S3ClientError("InvalidBucketAclWithObjectOwnership", NOT_WITH_OWNERSHIP)
    if _is_public(acl):
        raise S3ClientError(
            "InvalidBucketAclWithBlockPublicAccessError",
            "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
        )


def _require_taken(call: S3Response, acl: FakeAcl) -> None:
    """With ACLs disabled, an object's ACL may only state what already holds."""
    bucket = call.backend.get_bucket(call.bucket_name)
    is_acls = "acl" in call.querystring
    ownership: Any = bucket.ownership_rule
    if not is_acls and not call.parse_key_name():
        # A bucket that is being made gets its ownership after its ACL.
        ownership = call.headers.get("x-amz-object-ownership", ownership)
    if ownership == DISABLED and (is_acls or not _is_owners(acl)):
        raise S3ClientError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    blocked = bucket.public_access_block
    if blocked and blocked.block_public_acls and _is_public(acl):
        raise S3ClientError("AccessDenied", "Access Denied")


def _is_owners(acl: FakeAcl) -> bool:
    """Whether only the owner has a grant, as with `private`."""
    return all(grantee.id == OWNER for grantee in _grantees(acl))


def _is_public(acl: FakeAcl) -> bool:
    """Whether it has a grant to everyone, or to everyone with an AWS account."""
    return any(
        grantee in (ALL_USERS_GRANTEE, AUTHENTICATED_USERS_GRANTEE) for grantee in _grantees(acl)
    )


def _grantees(acl: FakeAcl) -> Iterator[FakeGrantee]:
    for grant in acl.grants:
        yield from grant.grantees
