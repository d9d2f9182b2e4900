"""A run read back from its folder: what was judged, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evidence.record.evidence import Evidence
from evidence.record.reading import read_evidence
from evidence.record.run_folder import RunFolder
from evidence.report.repetitions import totals
from evidence.report.verdicts import read_results

BADGES = {"passed": "held", "failed": "refuted", "unjudged": "unjudged"}
"""What became of a scenario, in the colour of a claim of which the same became."""


@dataclass(frozen=True)
class ScenarioRecord:
    """One entry of verdicts.json with its evidence: that of the repetition that it shows.

    `others` is the evidence of the other repetitions.
    """

    result: Mapping[str, Any]
    evidence: Evidence
    others: tuple[Evidence, ...] = ()

    @property
    def repetitions(self) -> list[Evidence]:
        """All of them, in the order they were played."""
        return sorted((self.evidence, *self.others), key=lambda each: each.started_at)

    @property
    def title(self) -> str:
        name = str(self.result["scenario"])
        return f"{name} (negative control)" if self.result["negative_control"] else name

    @property
    def anchor(self) -> str:
        suffix = "-control" if self.result["negative_control"] else ""
        return f"{self.result['scenario']}{suffix}"

    @property
    def outcome(self) -> str:
        """Passed, failed or unjudged."""
        return str(self.result["outcome"])

    @property
    def badge(self) -> str:
        return BADGES[self.outcome]

    @property
    def claims_held(self) -> int:
        return sum(claim["outcome"] == "held" for claim in self.result["claims"])


@dataclass(frozen=True)
class RunRecord:
    """A run: its name and its scenarios in the order they were played."""

    name: str
    scenarios: tuple[ScenarioRecord, ...]

    @property
    def started_at(self) -> float:
        return self.scenarios[0].repetitions[0].started_at

    @property
    def claims(self) -> int:
        return sum(len(scenario.result["claims"]) for scenario in self.scenarios)

    @property
    def claims_held(self) -> int:
        return sum(scenario.claims_held for scenario in self.scenarios)

    @property
    def requests(self) -> int:
        return sum(totals(scenario.result).requests for scenario in self.scenarios)

    @property
    def errors(self) -> int:
        return sum(totals(scenario.result).errors for scenario in self.scenarios)

    @property
    def seconds(self) -> float:
        return self.scenarios[-1].repetitions[-1].stopped_at - self.started_at

    @property
    def settings(self) -> dict[str, Any]:
        """Of all scenarios' environments; where they differ, the last one's."""
        merged: dict[str, Any] = {}
        for scenario in self.scenarios:
            merged.update(scenario.evidence.settings)
        return merged


def read_run(folder: RunFolder) -> RunRecord:
    """Read a run. Raises LookupError when nothing in it was judged yet."""
    results = read_results(folder.verdicts)
    if not results:
        raise LookupError(
            f"run {folder.path.name} has no verdicts: no scenario was played to its end"
        )
    return RunRecord(
        name=folder.path.name,
        scenarios=tuple(_scenario(folder, result) for result in results),
    )


def _scenario(folder: RunFolder, result: Mapping[str, Any]) -> ScenarioRecord:
    name, shown = result["scenario"], result["started_at"]
    others = (each["started_at"] for each in result["repetitions"] if each["started_at"] != shown)
    return ScenarioRecord(
        result,
        read_evidence(folder, name, shown),
        tuple(read_evidence(folder, name, each) for each in others),
    )
