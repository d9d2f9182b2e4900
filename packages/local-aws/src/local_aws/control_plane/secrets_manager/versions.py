"""Versions of secrets: listed while they have a staging label, and their labels moved.

Source: API_ListSecretVersionIds, API_SecretVersionsListEntry, API_UpdateSecretVersionStage in the
Secrets Manager API Reference; answers of the real Secrets Manager as they have been recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.secretsmanager.exceptions import (
    InvalidParameterException,
)
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.secrets_manager import stages

_DEFAULT_KEYS = ["DefaultEncryptionKey"]

_moto_stage = SecretsManagerBackend.update_secret_version_stage


@dataclass
class Accesses:
    """The day on which each version was last read, by its id: seconds since the epoch."""

    days: dict[str, int] = field(default_factory=dict)


def install() -> None:
    moto_seams.replace(SecretsManagerBackend, update_secret_version_stage=_move)
    moto_seams.replace(
        FakeSecret,
        reset_default_version=_put_current,
        remove_version_stages_from_old_versions=_take,
    )


def stages_of(secret: FakeSecret | ReplicaSecret) -> dict[str, list[str]]:
    """The labels of each version by its id; a change of a list changes the secret's."""
    return {version: found["version_stages"] for version, found in secret.versions.items()}


def _put_current(self: FakeSecret, secret_version: dict[str, Any], version_id: str) -> None:
    """moto takes all labels from the version that was current, whichever is current now."""
    labels, secret_version["version_stages"] = secret_version["version_stages"], []
    self.versions[version_id] = secret_version
    stages.put(stages_of(self), version_id, labels)
    self.set_default_version_id(version_id)


def _take(self: FakeSecret, version_stages: list[str]) -> None:
    for labels in stages_of(self).values():
        labels[:] = [label for label in labels if label not in version_stages]


def _move(
    self: SecretsManagerBackend,
    secret_id: str,
    version_stage: str,
    remove_from_version_id: str | None,
    move_to_version_id: str | None,
) -> tuple[str, str]:
    secret = self.secrets.get(secret_id)
    if not isinstance(secret, FakeSecret):
        refused: Any = _moto_stage
        answer: tuple[str, str] = refused(
            self, secret_id, version_stage, remove_from_version_id, move_to_version_id
        )
        return answer
    labels = stages_of(secret)
    for version in filter(None, (remove_from_version_id, move_to_version_id)):
        if version not in labels:
            raise InvalidParameterException(f"Not a valid version: {version}")
    holder = stages.holder_of(labels, version_stage)
    _require_removal(version_stage, holder, remove_from_version_id, move_to_version_id)
    if move_to_version_id:
        stages.give(labels, move_to_version_id, [version_stage])
    elif remove_from_version_id:
        labels[remove_from_version_id].remove(version_stage)
    secret.set_default_version_id(stages.holder_of(labels, stages.CURRENT))
    return secret.arn, secret.name


def _require_removal(
    label: str, holder: str | None, removed_from: str | None, moved_to: str | None
) -> None:
    """Raise InvalidParameterException unless the request names the version that has the label."""
    if label == stages.CURRENT and not moved_to:
        raise InvalidParameterException(
            f"You can only move staging label {label} to a different secret version. It can't be "
            "completely removed."
        )
    if removed_from and removed_from != holder:
        raise InvalidParameterException(
            f"Version stage {label} not found in version {removed_from}"
        )
    if holder is not None and not removed_from and holder != moved_to:
        raise InvalidParameterException(
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently "
            f"attached to version {holder}, so you must explicitly reference that version in "
            "RemoveFromVersionId."
        )


def entries(secret: FakeSecret | ReplicaSecret, *, every: bool) -> list[dict[str, Any]]:
    """What a list shows of the versions that have a label, or of every version.

    moto shows all as made and read just now, under the secret's name.
    """
    return [
        _entry(secret, version) for version, labels in stages_of(secret).items() if labels or every
    ]


def _entry(secret: FakeSecret | ReplicaSecret, version_id: str) -> dict[str, Any]:
    version = secret.versions[version_id]
    source = secret.source if isinstance(secret, ReplicaSecret) else secret
    day = moto_seams.notes(source, Accesses).days.get(version_id)
    labels = version["version_stages"]
    return {
        "VersionId": version_id,
        "CreatedDate": version["createdate"],
        "KmsKeyIds": [source.kms_key_id] if source.kms_key_id else _DEFAULT_KEYS,
        **({"VersionStages": labels} if labels else {}),
        **({"LastAccessedDate": day} if day is not None else {}),
    }
