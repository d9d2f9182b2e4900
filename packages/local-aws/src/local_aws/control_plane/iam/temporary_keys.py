"""The keys of GetSessionToken and GetFederationToken; moto gives everyone AWS's example key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moto.iam.utils import generate_access_key_id_from_account_id
from moto.sts.models import STSBackend

from local_aws.control_plane import moto_seams


@dataclass(frozen=True)
class TemporaryKey:
    """A key that acts as the user who asked for it, None for the administrator.

    `federated_name` and `policy` are GetFederationToken's, which limits the key to the policy.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: datetime
    account_id: str
    user_id: str | None
    federated_name: str | None = None
    policy: str | None = None

    @property
    def federated_arn(self) -> str:
        return f"arn:aws:sts::{self.account_id}:federated-user/{self.federated_name}"


class _Keys(dict[str, TemporaryKey]):
    """By access key id."""


def keys_of(backend: STSBackend) -> dict[str, TemporaryKey]:
    """The keys that STS has issued in a region, by access key id."""
    return moto_seams.notes(backend, _Keys)


def issue(
    backend: STSBackend,
    user_id: str | None,
    seconds: int,
    federated_name: str | None = None,
    policy: str | None = None,
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
        now + timedelta(seconds=seconds),
        backend.account_id,
        user_id,
        federated_name,
        policy,
    )
    keys[key.access_key_id] = key
    return key
