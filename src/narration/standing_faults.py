"""Which fault stands, by the entries of a run's journal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RECOVERED = ("recovery", "steady")


class StandingFaults:
    """The changes, in words, that were made and not undone."""

    def __init__(self) -> None:
        self._earlier = ""
        self._own = ""

    @property
    def latest(self) -> str:
        """Empty when none stands."""
        return self._own or self._earlier

    def forget(self) -> None:
        """For a stack that is gone, or restored."""
        self._earlier = self._own = ""

    def take(self, entry: Mapping[str, Any]) -> None:
        """An entry of the journal. A fault that needs no undoing, such as a release, is none.

        A scenario sets all settings and gives the instances what they need before its steady
        state: this undoes what an earlier one has left, but not what it was given itself.
        """
        if entry["event"] == "started":
            self._earlier, self._own = self.latest, ""
        elif entry["event"] != "mark":
            return
        elif entry["mark"] == "restored" or (entry["scenario"], entry["mark"]) == _RECOVERED:
            self.forget()
        elif entry["mark"] == "steady":
            self._earlier = ""
        elif entry.get("mutation") and not str(entry.get("inverse", "")).startswith("none"):
            self._own = str(entry["mutation"])
