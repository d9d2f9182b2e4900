"""Aliases: their names, since when they are there, and which key they may be moved to.

Source: API_CreateAlias, API_UpdateAlias, API_AliasListEntry in the KMS API Reference; answers of
the real KMS as they have been recorded.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from moto.kms.exceptions import NotAuthorizedException, ValidationException
from moto.kms.models import Alias, KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams

_PREFIX, _OF_AWS = "alias/", "alias/aws/"

_moto_delete = KmsResponse.delete_alias
_moto_set = KmsResponse._set_alias
_moto_update = KmsBackend.update_alias


@dataclass
class _Dates:
    """Seconds since the epoch."""

    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)


def install() -> None:
    moto_seams.replace(KmsBackend, update_alias=_update)
    moto_seams.replace(KmsResponse, delete_alias=_delete, _set_alias=_set)


def shown(alias: Alias) -> dict[str, Any]:
    """What ListAliases says of one that somebody made."""
    dates = moto_seams.notes(alias, _Dates)
    return {
        "AliasArn": alias.alias_arn,
        "AliasName": alias.alias_name,
        "CreationDate": dates.created,
        "LastUpdatedDate": dates.updated,
        "TargetKeyId": alias.target_key_id,
    }


def _set(self: KmsResponse, update: bool = False) -> str:
    name = str(self._get_param("AliasName"))
    _require_prefix(name)
    if name.startswith(_OF_AWS):
        raise NotAuthorizedException
    answer = _moto_set(self, update)
    key = self.kms_backend.describe_key(name)
    dates = moto_seams.notes(key.aliases[name], _Dates)
    dates.updated = time.time()
    return str(answer)


def _delete(self: KmsResponse) -> str:
    _require_prefix(str(self._get_param("AliasName")))
    return str(_moto_delete(self))


def _require_prefix(name: str) -> None:
    if not name.startswith(_PREFIX):
        raise ValidationException(
            f'Alias must start with the prefix "{_PREFIX}". Please see '
            "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
        )


def _update(self: KmsBackend, target_key_id: str, alias_name: str) -> Alias:
    """API_UpdateAlias: both keys are of one type and usage."""
    before, target = self.describe_key(alias_name), self.describe_key(target_key_id)
    if _kind(before.key_spec) != _kind(target.key_spec) or before.key_usage != target.key_usage:
        raise ValidationException(
            f"The alias {alias_name} cannot be moved to a key of another type or usage."
        )
    updated: Alias = _moto_update(self, target_key_id, alias_name)
    return updated


def _kind(spec: str) -> str:
    kinds = {"HMAC": "HMAC", "SYMMETRIC": "symmetric"}
    return kinds.get(spec.partition("_")[0], "asymmetric")
