"""Keys: the administrator's, and those that an instance's metadata service hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class RoleCredentials:
    """Temporary credentials of an instance's role, and where the instance has the role from.

    `expires_at` is an aware datetime. The secret parts stay out of the repr, and so out of logs.
    """

    role_name: str
    instance_profile_arn: str
    instance_profile_id: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class AccessKey:
    """A key that does not expire. The secret stays out of the repr, and so out of logs."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
