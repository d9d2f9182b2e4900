"""Keys that are to be deleted, and keys that rotate.

Source: API_ScheduleKeyDeletion, API_CancelKeyDeletion: KeyId is an ARN in the answer;
API_GetKeyRotationStatus: that of a key pending deletion, RotationPeriodInDays, NextRotationDate.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from moto.kms.exceptions import ValidationException
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams

_SHORTEST, _LONGEST = 7, 30
_ROTATION_DAYS = 365
_DAY = 24 * 3600

_moto_cancel = KmsResponse.cancel_key_deletion
_moto_schedule = KmsResponse.schedule_key_deletion
_moto_enable_rotation = KmsBackend.enable_key_rotation
_moto_answer_rotation = KmsResponse.get_key_rotation_status


@dataclass
class _Rotation:
    enabled_at: float = 0.0  # seconds since the epoch


def install() -> None:
    moto_seams.replace(
        KmsBackend, enable_key_rotation=_enable_rotation, get_key_rotation_status=_rotates
    )
    moto_seams.replace(
        KmsResponse,
        cancel_key_deletion=_answer_cancel,
        get_key_rotation_status=_answer_rotation,
        schedule_key_deletion=_answer_schedule,
    )


def _answer_cancel(self: KmsResponse) -> str:
    return _with_arn(self, _moto_cancel(self))


def _answer_schedule(self: KmsResponse) -> str:
    days = int(self._get_param("PendingWindowInDays") or _LONGEST)
    if not _SHORTEST <= days <= _LONGEST:
        raise ValidationException(
            f"PendingWindowInDays must be from {_SHORTEST} to {_LONGEST}, and is {days}."
        )
    state = {"KeyState": "PendingDeletion", "PendingWindowInDays": days}
    return _with_arn(self, json.dumps({**json.loads(_moto_schedule(self)), **state}))


def _with_arn(response: KmsResponse, answer: str) -> str:
    """moto gives back what the request has."""
    given = json.loads(answer)
    return json.dumps({**given, "KeyId": response.kms_backend.keys[given["KeyId"]].arn})


def _enable_rotation(self: KmsBackend, key_id: str) -> None:
    _moto_enable_rotation(self, key_id)
    moto_seams.notes(self.keys[key_id], _Rotation).enabled_at = time.time()


def _rotates(self: KmsBackend, key_id: str) -> bool:
    """It is false while the key is pending deletion, and as before once that is cancelled."""
    key = self.keys[key_id]
    return bool(key.key_rotation_status) and key.key_state != "PendingDeletion"


def _answer_rotation(self: KmsResponse) -> str:
    answer = json.loads(_moto_answer_rotation(self))
    key = self.kms_backend.keys[self._get_param("KeyId")]
    if answer["KeyRotationEnabled"]:
        since = moto_seams.notes(key, _Rotation).enabled_at or key.creation_date
        answer["RotationPeriodInDays"] = _ROTATION_DAYS
        answer["NextRotationDate"] = since + _ROTATION_DAYS * _DAY
    return json.dumps({"KeyId": key.arn, **answer})
