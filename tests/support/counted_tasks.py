"""What became of a target's tasks, from the lines that the callback counted_tasks writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

_REFUSAL = re.compile(r"local AWS|local load balancer|is not emulated")
"""Whatever the local AWS refuses by name says so in these words."""

_OF_CALLS = re.compile(r"Assertion failed: .*\bresource_actions\b")
"""A module reads off AWS's own host names which calls it made; elsewhere it finds none."""

_SHOWN = 160


@dataclass(frozen=True)
class Counts:
    """Tasks, not items of their loops. A failure that the test itself expects has passed.

    `refused` are failed tasks whose message is a refusal by name; `unjudged` failed assertions on
    which calls a module made, which are not among those that ran. `cut_off_after` is the time limit
    in seconds, when the target had to be ended by it.
    """

    ran: int = 0
    passed: int = 0
    refused: int = 0
    unjudged: int = 0
    first_failure: str = ""
    cut_off_after: float | None = None

    @property
    def share(self) -> float:
        """Passed, of all that ran and was not refused by name."""
        judged = self.ran - self.refused
        return self.passed / judged if judged else 0.0


def count(lines: Iterable[str], cut_off_after: float | None = None) -> Counts:
    """One JSON object a line: task, result (ok or failed), expected, message."""
    ran = passed = refused = unjudged = 0
    first = ""
    for line in lines:
        task = json.loads(line)
        message = task["message"]
        if task["result"] == "ok" or task["expected"]:
            passed += 1
        elif _OF_CALLS.match(message):
            unjudged += 1
            continue
        else:
            refused += bool(_REFUSAL.search(message))
            first = first or f"{task['task']}: {_one_line(message)}"
        ran += 1
    return Counts(ran, passed, refused, unjudged, first, cut_off_after)


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
