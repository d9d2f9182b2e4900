"""Whose key an access key is, and what limits whoever uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import Role, User, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.sessions import (
    session_policies,
    session_starts,
    session_tags,
    source_identities,
)
from local_aws.control_plane.iam.sessions.temporary_keys import TemporaryKey, keys_of

PrincipalType = Literal["Account", "User", "AssumedRole", "FederatedUser", "Anonymous"]
_NOTHING = '{"Statement": []}'


@dataclass(frozen=True)
class Caller:
    """Who makes a request. `kind` is what policies know as aws:PrincipalType.

    What `identity` may do, whoever acts as it may do; None is a role or user that is gone.
    `session_policy` limits it further. `source_identity` is a role session's, or "", as are
    `session_tags`. `issued_at` is when a temporary key was issued, None for long-term ones, and
    `mfa_at` when the caller proved to have an MFA device. An account's own keys, an
    administrator's, have no limit.
    """

    kind: PrincipalType
    arn: str
    user_id: str
    account_id: str
    identity: Role | User | None = None
    session_policy: str | None = None
    source_identity: str = ""
    session_tags: Mapping[str, str] = field(default_factory=dict)
    issued_at: datetime | None = None
    mfa_at: datetime | None = None
    is_administrator: bool = False


@dataclass(frozen=True)
class Key:
    """What a signature with the key is checked with. `expires_at` is None for long-term keys."""

    caller: Caller
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    expires_at: datetime | None = None


ADMINISTRATOR = Caller(
    "Account",
    f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root",
    DEFAULT_ACCOUNT_ID,
    DEFAULT_ACCOUNT_ID,
    is_administrator=True,
)
ANONYMOUS = Caller("Anonymous", "anonymous", "anonymous", DEFAULT_ACCOUNT_ID)


def find(access_key_id: str, administrators_key: AccessKey) -> Key | None:
    """The key, unless it is unknown, inactive or deleted."""
    if access_key_id == administrators_key.access_key_id:
        return Key(ADMINISTRATOR, administrators_key.secret_access_key)
    return find_issued(access_key_id)


def find_issued(access_key_id: str) -> Key | None:
    """A key that IAM or STS has issued. Needs no lock: each look takes a copy."""
    for sts in moto_seams.backends_in_use(sts_backends):
        for session in list(sts.assumed_roles):
            if session.access_key_id == access_key_id:
                return _role_session(session)
        temporary = keys_of(sts).get(access_key_id)
        if temporary is not None:
            return _temporary(temporary)
    for iam in moto_seams.backends_in_use(iam_backends):
        for user in list(iam.users.values()):
            for key in list(user.access_keys):
                if key.access_key_id == access_key_id and key.status == "Active":
                    return Key(_user(user), key.secret_access_key)
    return None


def _user(user: User) -> Caller:
    return Caller("User", user.arn, user.id, user.account_id, user)


def _role_session(session: AssumedRole) -> Key:
    roles = list(iam_backends[session.account_id][session.partition].roles.values())
    role = next((role for role in roles if role.arn == session.role_arn), None)
    caller = Caller(
        "AssumedRole",
        session.arn,
        session.user_id,
        session.account_id,
        role,
        session_policies.of_session(session),
        source_identities.of_session(session),
        session_tags.of_session(session).values,
        session_starts.of_session(session),
    )
    expires_at = session.expiration.replace(tzinfo=UTC)
    return Key(caller, session.secret_access_key, session.session_token, expires_at)


def _temporary(key: TemporaryKey) -> Key:
    """AWS: "GetSessionToken" and "GetFederationToken" in the STS API Reference."""
    users = list(iam_backends[key.account_id]["aws"].users.values())
    user = next((user for user in users if user.id == key.user_id), None)
    federation = key.federation
    if federation is not None:
        limit = session_policies.merged(key.account_id, federation.policy, federation.policy_arns)
        caller = Caller(
            "FederatedUser",
            federation.arn(key.account_id),
            f"{key.account_id}:{federation.name}",
            key.account_id,
            user,
            limit or _NOTHING,
            session_tags=federation.tags,
            is_administrator=key.user_id is None,
        )
    elif key.user_id is None:
        caller = ADMINISTRATOR
    elif user is None:
        caller = Caller("User", "deleted", key.user_id, key.account_id)
    else:
        caller = _user(user)
    caller = replace(caller, issued_at=key.issued_at, mfa_at=key.mfa_at)
    return Key(caller, key.secret_access_key, key.session_token, key.expires_at)
