"""Secrets: a name that is scheduled for deletion is taken; the day of the last access is kept.

Source: answers of the real Secrets Manager as they have been recorded; API_DescribeSecret:
LastAccessedDate is "truncated to midnight of the date".
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from moto.secretsmanager.exceptions import InvalidParameterException, InvalidRequestException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from local_aws.control_plane import moto_seams

_DAY = 24 * 3600

_moto_create = SecretsManagerBackend.create_secret
_moto_get = SecretsManagerBackend.get_secret_value
_moto_password = SecretsManagerBackend.get_random_password
_moto_shown = FakeSecret.to_dict


@dataclass
class _Access:
    day: int | None = None  # seconds since the epoch at its midnight


def install() -> None:
    moto_seams.replace(
        SecretsManagerBackend,
        create_secret=_create,
        get_secret_value=_get,
        get_random_password=_password,
    )
    moto_seams.replace(FakeSecret, to_dict=_shown)


def _create(self: SecretsManagerBackend, name: str, *parts: Any, **others: Any) -> str:
    present = self.secrets.get(name)
    if present is not None and present.is_deleted():
        raise InvalidRequestException(
            "You can't create this secret because a secret with this name is already scheduled "
            "for deletion."
        )
    made: str = _moto_create(self, name, *parts, **others)
    return made


def _get(self: SecretsManagerBackend, secret_id: str, *version: Any, **others: Any) -> Any:
    value = _moto_get(self, secret_id, *version, **others)
    secret = self.secrets[secret_id]
    if isinstance(secret, FakeSecret):
        moto_seams.notes(secret, _Access).day = int(time.time()) // _DAY * _DAY
    return value


def _shown(self: FakeSecret) -> dict[str, Any]:
    return {**_moto_shown(self), "LastAccessedDate": moto_seams.notes(self, _Access).day}


def _password(self: SecretsManagerBackend, *settings: Any, **others: Any) -> str:
    """moto chooses from no characters where all are excluded."""
    try:
        return _moto_password(self, *settings, **others)
    except IndexError:
        raise InvalidParameterException("The request excludes all characters.") from None
