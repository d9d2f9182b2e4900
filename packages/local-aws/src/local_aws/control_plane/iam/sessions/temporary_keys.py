"""The keys of GetSessionToken and GetFederationToken; moto gives everyone AWS's example key."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moto.iam.utils import generate_access_key_id_from_account_id
from moto.sts.models import STSBackend

from local_aws.control_plane import moto_seams


@dataclass(frozen=True)
class Federation:
    """Whom GetFederationToken lets act, within which policies, with which tags."""

    name: str
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    def arn(self, account_id: str) -> str:
        return f"arn:aws:sts::{account_id}:federated-user/{self.name}"


@dataclass(frozen=True)
class TemporaryKey:
    """A key that acts as the user who asked for it, None for the administrator.

    `mfa_at` is when the user proved to have a device. `federation` is GetFederationToken's.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    issued_at: datetime
    expires_at: datetime
    account_id: str
    user_id: str | None
    mfa_at: datetime | None = None
    federation: Federation | None = None


class _Keys(dict[str, TemporaryKey]):
    """By access key id."""


def keys_of(backend: STSBackend) -> dict[str, TemporaryKey]:
    """The keys that STS has issued in a region, by access key id."""
    return moto_seams.notes(backend, _Keys)


def issue(
    backend: STSBackend,
    user_id: str | None,
    seconds: int,
    *,
    mfa_at: datetime | None = None,
    federation: Federation | None = None,
) -> TemporaryKey:
    """Issue a key, and forget those that expired an hour ago, which are known as expired."""
    now = datetime.now(UTC)
    keys = keys_of(backend)
    for key_id in [id_ for id_, key in keys.items() if key.expires_at + timedelta(hours=1) < now]:
        del keys[key_id]
    key = TemporaryKey(
        generate_access_key_id_from_account_id(backend.account_id, prefix="ASIA", total_length=20),
        secrets.token_urlsafe(30),
        secrets.token_urlsafe(120),
        now,
        now + timedelta(seconds=seconds),
        backend.account_id,
        user_id,
        mfa_at,
        federation,
    )
    keys[key.access_key_id] = key
    return key
