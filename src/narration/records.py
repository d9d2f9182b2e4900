"""What the observation of this run has recorded, read from the run's folder while it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.record.journal import NewLines
from evidence.record.latest import Latest
from evidence.record.run_folder import RunFolder
from evidence.record.samples import TargetHealthSample
from evidence.report.verdicts import result_of
from narration.standing_faults import StandingFaults

_REPLIES = 100
"""So many of the latest say how it is now: half a second of them locally, two on AWS."""


@dataclass(frozen=True)
class Seen:
    """How the service is now: the latest replies by kind, the targets by state."""

    replies: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)

    @property
    def health(self) -> str:
        """The targets in words: "2 healthy, 1 draining"."""
        return ", ".join(f"{count} {state}" for state, count in self.targets.items())


class Records:
    """Reads a run on from where it was read before. Whatever is not there yet is nothing."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._journal = NewLines(folder.journal, 0)
        self._latest: Latest | None = None
        self.faults = StandingFaults()

    @property
    def standing_fault(self) -> str:
        """The change, in words, that was made and not undone, or empty."""
        return self.faults.latest

    @classmethod
    def of(cls, path: str) -> Records:
        return cls(RunFolder(Path(path)))

    def news(self) -> list[dict[str, Any]]:
        """The entries of the journal that are new since the last time."""
        entries = list(self._journal.new())
        for entry in entries:
            if entry["event"] == "started":
                self._latest = Latest(self.folder, entry["scenario"], _REPLIES)
            self.faults.take(entry)
        return entries

    def seen(self) -> Seen:
        """How the service is now, as far as the observation that goes on says so."""
        if self._latest is None:
            return Seen()
        evidence = self._latest.read()
        samples = [each for each in evidence.samples if isinstance(each, TargetHealthSample)]
        states = Counter(target.state for target in samples[-1].targets) if samples else {}
        return Seen(Counter(reply.kind for reply in evidence.replies), states)

    def result(self, scenario: str) -> dict[str, Any] | None:
        """What verdicts.json says of a scenario."""
        return result_of(self.folder.verdicts, scenario)
