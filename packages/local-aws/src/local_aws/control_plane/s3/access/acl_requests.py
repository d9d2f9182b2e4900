"""The ACL that a request gives, in headers or a document: as AWS reads it, or refused.

moto fails at a name, group or format that it does not know, shows one grantee and one permission
of each grant, and lets an object have its bucket's ACL where none is given for it.
Source: API_PutBucketAcl, API_PutObjectAcl; "Access control list (ACL) overview" in the S3 User
Guide; the words are those that AWS is known to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.s3.exceptions import InvalidArgumentError, S3AclAndGrantError, S3ClientError
from moto.s3.models import (
    ALL_USERS_GRANTEE,
    AUTHENTICATED_USERS_GRANTEE,
    LOG_DELIVERY_GRANTEE,
    FakeAcl,
    FakeGrant,
    FakeGrantee,
    get_canned_acl,
)
from moto.s3.responses import S3Response

_CANNED = frozenset(
    {
        "authenticated-read",
        "aws-exec-read",
        "bucket-owner-full-control",
        "bucket-owner-read",
        "log-delivery-write",
        "private",
        "public-read",
        "public-read-write",
    }
)
_GRANT = "x-amz-grant-"
_PERMISSIONS: Mapping[str, str] = {
    f"{_GRANT}full-control": "FULL_CONTROL",
    f"{_GRANT}read": "READ",
    f"{_GRANT}read-acp": "READ_ACP",
    f"{_GRANT}write": "WRITE",
    f"{_GRANT}write-acp": "WRITE_ACP",
}
_GRANTEE = re.compile(
    r'\s*(?P<kind>id|uri|emailAddress)\s*=\s*"?(?P<value>[^"]*)"?\s*', re.IGNORECASE
)
_GROUPS = frozenset(
    str(group.uri)
    for group in (ALL_USERS_GRANTEE, AUTHENTICATED_USERS_GRANTEE, LOG_DELIVERY_GRANTEE)
)
_CANONICAL_ID = re.compile(r"[0-9a-f]{64}")

_moto_from_body = S3Response._acl_from_body


def of_headers(headers: Mapping[str, str]) -> FakeAcl | None:
    """None where they have none. Raises S3ClientError."""
    canned = headers.get("x-amz-acl")
    grants = [
        FakeGrant([grantee], [_PERMISSIONS[header.lower()]])
        for header, text in headers.items()
        if header.lower() in _PERMISSIONS
        for grantee in _grantees(header.lower(), text)
    ]
    if canned and grants:
        raise S3AclAndGrantError()
    if canned:
        return canned_acl(canned)
    return FakeAcl(grants) if grants else None


def canned_acl(name: str) -> FakeAcl:
    """Raises S3ClientError for a name that is none of them."""
    if name not in _CANNED:
        raise InvalidArgumentError("", "x-amz-acl", name)
    return FakeAcl(list(_one_by_one(get_canned_acl(name).grants)))


def of_document(call: S3Response) -> FakeAcl:
    """Raises S3ClientError; also where the request has no document, and thus no ACL at all."""
    if not call.body:
        raise S3ClientError("MissingSecurityHeader", "Your request was missing a required header")
    acl = _moto_from_body(call) or FakeAcl([])
    for grant in acl.grants:
        for grantee in grant.grantees:
            _require_known(grantee, "Group/URI")
    return acl


def _grantees(header: str, text: str) -> Iterator[FakeGrantee]:
    for part in text.split(","):
        found = _GRANTEE.fullmatch(part)
        if not found:
            raise InvalidArgumentError("Argument format not recognized", header, part.strip())
        is_group = found["kind"].lower() == "uri"
        is_id = found["kind"].lower() == "id"
        grantee = FakeGrantee(
            grantee_id=found["value"] if is_id else "", uri=found["value"] if is_group else ""
        )
        _require_known(grantee, "uri")
        yield grantee


def _require_known(grantee: FakeGrantee, uri_name: str) -> None:
    """One with neither an id nor a URI was named by its e-mail address: nobody has one here."""
    if grantee.uri:
        if grantee.uri not in _GROUPS:
            raise InvalidArgumentError("Invalid group uri", uri_name, grantee.uri)
    elif not grantee.id:
        raise S3ClientError(
            "UnresolvableGrantByEmailAddress",
            "The e-mail address you provided does not match any account on record.",
        )
    elif not _CANONICAL_ID.fullmatch(grantee.id):
        raise InvalidArgumentError("Invalid id", "CanonicalUser/ID", grantee.id)


def _one_by_one(grants: Iterable[Any]) -> Iterator[FakeGrant]:
    for grant in grants:
        for grantee in grant.grantees:
            for permission in grant.permissions:
                yield FakeGrant([grantee], [permission])
