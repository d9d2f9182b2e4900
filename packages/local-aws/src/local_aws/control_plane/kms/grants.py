"""Grants: who issued them and when; retired by their token, or by their id and their key.

Source: API_CreateGrant, API_GrantListEntry, API_RetireGrant in the KMS API Reference.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from moto.kms.exceptions import ValidationException
from moto.kms.models import Grant, Key
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams

_moto_add = Key.add_grant
_moto_create = KmsResponse.create_grant
_moto_retire = KmsResponse.retire_grant
_moto_shown = Grant.to_json


@dataclass
class _Origin:
    key_arn: str = ""
    account_id: str = ""
    created: float = 0.0  # seconds since the epoch


def install() -> None:
    moto_seams.replace(Key, add_grant=_add)
    moto_seams.replace(Grant, to_json=_shown)
    moto_seams.replace(KmsResponse, create_grant=_create, retire_grant=_retire)


def _add(self: Key, *arguments: Any, **named: Any) -> Grant:
    grant: Grant = _moto_add(self, *arguments, **named)
    origin = moto_seams.notes(grant, _Origin)
    origin.key_arn, origin.account_id, origin.created = self.arn, self.account_id, time.time()
    return grant


def _shown(self: Grant) -> dict[str, Any]:
    origin = moto_seams.notes(self, _Origin)
    return {
        **_moto_shown(self),
        "CreationDate": origin.created,
        "IssuingAccount": f"arn:aws:iam::{origin.account_id}:root",
        "KeyId": origin.key_arn,
    }


def _create(self: KmsResponse) -> str:
    self._validate_key_id(self._get_param("KeyId"))
    return str(_moto_create(self))


def _retire(self: KmsResponse) -> str:
    has_names = self._get_param("KeyId") and self._get_param("GrantId")
    if not has_names and not self._get_param("GrantToken"):
        raise ValidationException("Either a GrantToken, or a KeyId and a GrantId must be given.")
    return str(_moto_retire(self))
