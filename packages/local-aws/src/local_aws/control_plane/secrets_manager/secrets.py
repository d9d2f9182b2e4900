"""Secrets: a name that is scheduled for deletion is taken; the day of the last access is kept.

Source: answers of the real Secrets Manager as they have been recorded; API_DescribeSecret:
LastAccessedDate is "truncated to midnight of the date"; API_RotateSecret and "Managed rotation" in
the Secrets Manager User Guide: a rotation needs a function.
"""

from __future__ import annotations

import inspect
import json
import re
import time
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.secretsmanager import models, utils
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceNotFoundException,
    SecretsManagerClientError,
)
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.kms import key_states
from local_aws.control_plane.secrets_manager import stages
from local_aws.control_plane.secrets_manager.versions import Accesses, stages_of

_DAY = 24 * 3600
_WHOLE_ARN = re.compile(r"arn:.*-[A-Za-z0-9]{6}")
"""A name with six characters behind a hyphen makes a partial ARN look like a whole one."""
_DELETED = "You can't perform this operation on the secret because it was marked for deletion."

_moto_create = SecretsManagerBackend.create_secret
_create_signature = inspect.signature(_moto_create)
_moto_get = SecretsManagerBackend.get_secret_value
_moto_password = SecretsManagerBackend.get_random_password
_moto_put = SecretsManagerBackend.put_secret_value
_moto_rotate = SecretsManagerBackend.rotate_secret
_moto_name_in = utils.get_secret_name_from_partial_arn
_moto_shown = FakeSecret.to_dict


def install() -> None:
    moto_seams.replace(
        SecretsManagerBackend,
        create_secret=_create,
        get_secret_value=_get,
        get_random_password=_password,
        put_secret_value=_put,
        rotate_secret=_rotate,
    )
    moto_seams.replace(FakeSecret, to_dict=_shown)
    moto_seams.replace(SecretsManagerClientError, __init__=_error)
    moto_seams.replace(models, get_secret_name_from_partial_arn=_name_in)


def _name_in(partial_arn: str) -> str:
    """The key under which a secret may be found by a name or a part of its ARN."""
    whole = _WHOLE_ARN.fullmatch(partial_arn)
    return partial_arn if whole else str(_moto_name_in(partial_arn))


def _error(self: SecretsManagerClientError, error_type: str, message: str) -> None:
    """The member of the error is Message, and its status 400 also for what is not found."""
    JsonRESTError.__init__(self, error_type, message)
    self.code = 400
    self.description = json.dumps({"__type": error_type, "Message": self.message})


def _create(self: SecretsManagerBackend, name: str, *parts: Any, **others: Any) -> str:
    present = self.secrets.get(name)
    if present is not None and present.is_deleted():
        raise InvalidRequestException(
            "You can't create this secret because a secret with this name is already scheduled "
            "for deletion."
        )
    asked = _create_signature.bind(self, name, *parts, **others).arguments
    _require_key(self, asked.get("kms_key_id"), "EncryptionFailure")
    made: str = _moto_create(self, name, *parts, **others)
    return made


def _require_key(self: SecretsManagerBackend, name: str | None, code: str) -> None:
    """API_CreateSecret, API_GetSecretValue: EncryptionFailure, DecryptionFailure."""
    try:
        if name:
            key_states.usable(self.account_id, self.region_name, name)
    except JsonRESTError as error:
        raise SecretsManagerClientError(
            code, f"Secrets Manager can't use the KMS key {name}: {error.message}"
        ) from None


def _get(self: SecretsManagerBackend, secret_id: str, version_id: str, version_stage: str) -> Any:
    secret = self.secrets.get(secret_id)
    if secret is not None and secret.is_deleted():
        raise InvalidRequestException(_DELETED)
    if secret is not None and version_stage and not version_id:
        version_id = stages.holder_of(stages_of(secret), version_stage) or ""
        if not version_id:
            raise ResourceNotFoundException(
                "Secrets Manager can't find the specified secret value for staging label: "
                f"{version_stage}"
            )
    if isinstance(secret, FakeSecret):
        _require_key(self, secret.kms_key_id, "DecryptionFailure")
    value = _moto_get(self, secret_id, version_id, version_stage)
    if isinstance(secret, FakeSecret):
        days = moto_seams.notes(secret, Accesses).days
        days[value["VersionId"]] = int(time.time()) // _DAY * _DAY
    return value


def _put(self: SecretsManagerBackend, secret_id: str, *parts: Any, **others: Any) -> str:
    secret = self.secrets.get(secret_id)
    if secret is not None and secret.is_deleted():
        raise InvalidRequestException(_DELETED)
    put: str = _moto_put(self, secret_id, *parts, **others)
    return put


def _rotate(
    self: SecretsManagerBackend,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    *parts: Any,
    **others: Any,
) -> str:
    """moto rotates without a function, too."""
    secret = self.secrets.get(secret_id)
    if isinstance(secret, FakeSecret) and not secret.is_deleted():
        rotation_lambda_arn = rotation_lambda_arn or secret.rotation_lambda_arn
        if not rotation_lambda_arn:
            raise InvalidRequestException(
                "No Lambda rotation function ARN is associated with this secret."
            )
    rotated: str = _moto_rotate(
        self, secret_id, client_request_token, rotation_lambda_arn, *parts, **others
    )
    return rotated


def _shown(self: FakeSecret) -> dict[str, Any]:
    """A version without a staging label is deprecated, and not shown."""
    shown = _moto_shown(self)
    for member in ("VersionIdsToStages", "SecretVersionsToStages"):
        if member in shown:
            shown[member] = {version: labels for version, labels in shown[member].items() if labels}
    days = moto_seams.notes(self, Accesses).days.values()
    return {**shown, "LastAccessedDate": max(days, default=None)}


def _password(self: SecretsManagerBackend, *settings: Any, **others: Any) -> str:
    """moto chooses from no characters where all are excluded."""
    try:
        return _moto_password(self, *settings, **others)
    except IndexError:
        raise InvalidParameterException("The request excludes all characters.") from None
