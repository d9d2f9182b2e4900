"""Staging labels: each is attached to one version, and AWSPREVIOUS follows AWSCURRENT.

Source: API_PutSecretValue: VersionStages; API_UpdateSecretVersionStage; answers of the real Secrets
Manager as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CURRENT, PREVIOUS, PENDING = "AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"

Stages = Mapping[str, list[str]]
"""The labels of each version, by its id."""


def holder_of(stages: Stages, label: str) -> str | None:
    """The id of the version that has a label."""
    return next((version for version, labels in stages.items() if label in labels), None)


def give(stages: Stages, version: str, labels: Iterable[str]) -> None:
    """Attach labels to a version, taken from those that have them.

    The version that AWSCURRENT is taken from gets AWSPREVIOUS.
    """
    for label in labels:
        before = holder_of(stages, label)
        if before == version:
            continue
        _move(stages, label, version)
        if label == CURRENT and before is not None:
            _move(stages, PREVIOUS, before)


def put(stages: Stages, version: str, labels: Iterable[str]) -> None:
    """The same for a new version: one that was current is no longer pending, either."""
    labels = list(labels)
    before = holder_of(stages, CURRENT)
    give(stages, version, labels)
    if CURRENT in labels and before not in (None, version) and PENDING in stages[before or ""]:
        stages[before or ""].remove(PENDING)


def _move(stages: Stages, label: str, version: str) -> None:
    for labels in stages.values():
        if label in labels:
            labels.remove(label)
    stages[version].append(label)
