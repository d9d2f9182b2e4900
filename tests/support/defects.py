"""Deliberate defects of the product: what each one changes, and what its scenario says of it.

A defect that its scenario does not refute shows that a claim is missing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["refuted", "survived", "unjudged"]
_OUTCOMES: dict[str, Outcome] = {
    "failed": "refuted",
    "passed": "survived",
    "unjudged": "unjudged",
}


# What starvation.py and coverage.py of the evidence library give as the reason.
_OF_A_BUSY_MACHINE = ("this machine was too busy: ", "the prober fell behind: ")


class DoesNotApplyError(Exception):
    """The text that a defect replaces is not in its file exactly once."""


@dataclass(frozen=True)
class Edit:
    """`file` is relative to the checkout, and holds `before` exactly once."""

    file: str
    before: str
    after: str

    def edited(self, text: str) -> str:
        """The file's text with `after`. Raises DoesNotApplyError."""
        found = text.count(self.before)
        if found != 1:
            raise DoesNotApplyError(
                f"{self}: {self.file} holds this {found} times, and must hold it once:\n"
                f"{self.before}"
            )
        return text.replace(self.before, self.after)


@dataclass(frozen=True)
class Defect(Edit):
    """One edit, and the scenario that must refute it.

    In `after`, SHARE stands for `share`: which part of all replies is affected, between 0 and 1.
    `shown_by` is an edit that is no defect, without which this one would change nothing here.
    """

    name: str
    scenario: str
    share: float | None = None
    shown_by: Edit | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All that the checkout gets with it."""
        return (self, *([self.shown_by] if self.shown_by else []))

    def edited(self, text: str) -> str:
        """The file's text with the defect. Raises DoesNotApplyError."""
        return super().edited(text).replace("SHARE", str(self.share))

    def __str__(self) -> str:
        return self.name


def read_defects(path: Path) -> list[Defect]:
    """The defects of a TOML file, each a table [[defect]] with the fields of `Defect`."""
    with path.open("rb") as file:
        return [_defect(**fields) for fields in tomllib.load(file)["defect"]]


def _defect(shown_by: Mapping[str, str] | None = None, **fields: Any) -> Defect:
    return Defect(**fields, shown_by=Edit(**shown_by) if shown_by else None)


@dataclass(frozen=True)
class Finding:
    """What a scenario said: its outcome, and of each refuted or unjudged claim what was seen.

    `requests` is how many requests were behind the claim that had the most.
    """

    outcome: Outcome
    claims: tuple[str, ...]
    requests: int

    @property
    def machine_was_too_busy(self) -> bool:
        """Whether that alone left it unjudged; a defect that leaves a claim unjudged is found."""
        return self.outcome == "unjudged" and all(
            any(reason in claim for reason in _OF_A_BUSY_MACHINE) for claim in self.claims
        )

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Finding:
        """From a scenario's entry in verdicts.json (packages/evidence/docs/records.md)."""
        outcome = _OUTCOMES[result["outcome"]]
        return cls(
            outcome,
            tuple(
                f"{claim['claim']} (seen: {claim['seen']})"
                for claim in result["claims"]
                if claim["outcome"] == outcome
            ),
            max(
                (each["proportion"]["of"] for each in result["claims"] if each["proportion"]),
                default=0,
            ),
        )


def chance_of_a_failure(share: float, requests: int) -> float:
    """How likely at least one of `requests` independent requests fails, when `share` of all do."""
    return 1 - (1 - share) ** requests
