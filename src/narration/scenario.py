"""A scenario by its phases: given, steady state, fault, effect, restored, claims.

A phase begins and ends with what is marked in the observation's journal, not with a task's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from narration import claims, failure
from narration.records import Seen
from narration.row import Row, Tone
from narration.shares import counted
from narration.task import Outcome, Task, said_by

_AWAITED = {"steady": "steady state", "settled": "effect", "restored": "restored"}
_WITHOUT_FAULT = "observed"


@dataclass
class Phase:
    """Part of a scenario, from one mark to the next."""

    label: str
    began: float
    is_seen: bool = False
    """Whether what was observed is what there is to say of it."""
    notes: list[str] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)
    """What is said when it has ended."""
    tone: Tone = "plain"


class ScenarioStory:
    """`clock` gives seconds, `seen` how the service is now, `result` the scenario's verdict."""

    def __init__(
        self,
        say: Callable[[Row], None],
        clock: Callable[[], float],
        seen: Callable[[], Seen],
        result: Callable[[], Mapping[str, Any] | None],
    ) -> None:
        self._say = say
        self._clock = clock
        self._seen = seen
        self._result = result
        self._phase: Phase | None = Phase("given", clock())
        self._has_fault = False
        self._mark = ""
        self._marked_at = 0.0
        self._table: list[str] = []
        self._are_facts_said = False
        self.awaiting = ""
        self.task = ""

    def started(self, task: Task) -> None:
        if not task.is_bookkeeping:
            self.task = task.name
        if task.module != "observation":
            return
        mark = task.argument("mark")
        if task.argument("state") == "awaited":
            if mark in _AWAITED:
                label = _AWAITED[mark]
                is_fault = mark != "settled" or self._has_fault
                self._begin(label if is_fault else _WITHOUT_FAULT, is_seen=True)
        elif task.argument("state") == "marked" and mark not in _AWAITED:
            self._begin("restored" if mark == "repair" else "fault")

    def entry(self, entry: Mapping[str, Any]) -> None:
        """A line of the journal."""
        if entry["event"] == "awaiting":
            self.awaiting = "; ".join(entry["claims"])
        elif entry["event"] == "mark":
            self._mark, self._marked_at = entry["mark"], self._clock()
            self._has_fault = self._has_fault or entry["mark"] == "fault"
            if self._phase and entry.get("mutation"):
                self._phase.label = entry["mark"]
                self._phase.notes.append(entry["mutation"] + _after(entry.get("mutations", ())))

    def resources(self, text: str, *, is_over: bool) -> None:
        """What CloudFormation has just done; `is_over` when its operation has ended."""
        if self._phase is None:
            return
        if not is_over:
            seconds = self._clock() - self._phase.began
            self._say(Row(text, self._phase.label, "quiet", seconds))
        elif self._phase.label != "given":
            self._phase.notes.append(text)

    def ended(self, task: Task, outcome: Outcome, result: Mapping[str, Any]) -> None:
        self.awaiting = ""
        if task.module == "verdict":
            self._judged(outcome, result)
        elif task.module == "debug":
            self._debugged(said_by(result))
        elif outcome == "failed":
            self._failed(result)
        elif task.module == "cloudformation" and self._phase and self._phase.label == "given":
            self._phase.notes.append(_settings(task.name))
        elif task.module == "observation" and task.argument("mark") in ("steady", "restored"):
            self._end()

    def finish(self) -> None:
        """The play is over: what has begun is said."""
        self._end()

    def foot(self) -> list[Row]:
        """How it is now, as long as it goes on."""
        if self._phase is None:
            return [Row(self.task, tone="quiet")] if self.task else []
        seconds = self._clock() - self._phase.began
        if not self._phase.is_seen:
            return [Row(self.task, self._phase.label, seconds=seconds)]
        seen = self._seen()
        rows = [Row(_words(seen), self._phase.label, seconds=seconds, shares=seen.replies)]
        if self.awaiting:
            rows.append(Row(f"waiting until: {self.awaiting}", tone="quiet", detail=True))
        return rows

    def last_facts(self) -> list[Row]:
        """What was known when it failed; nothing once that has been said."""
        if self._are_facts_said:
            return []
        self._are_facts_said = True
        since = self._clock() - self._marked_at if self._mark else None
        return failure.before(_words(self._seen()), self._mark, since)

    def _begin(self, label: str, *, is_seen: bool = False) -> None:
        if self._phase and self._phase.label == label == "restored":
            self._phase.is_seen = is_seen
            return
        self._end()
        self._phase = Phase(label, self._clock(), is_seen)

    def _end(self) -> None:
        phase, self._phase = self._phase, None
        if phase is None:
            return
        shares: Mapping[str, int] = {}
        text = "; ".join(phase.notes)
        if phase.is_seen and phase.tone == "plain":
            seen = self._seen()
            shares = seen.replies
            text = "; ".join(filter(None, [_words(seen), *phase.notes]))
        if text or shares:
            seconds = self._clock() - phase.began
            self._say(Row(text, phase.label, phase.tone, seconds, shares))
        for row in phase.after:
            self._say(row)

    def _failed(self, result: Mapping[str, Any]) -> None:
        message = failure.message(result)
        if self._phase is None:
            self._phase = Phase("note", self._clock())
        if message not in self._phase.notes:
            self._phase.notes.append(message)
        self._phase.tone = "doubtful"

    def _debugged(self, lines: list[str]) -> None:
        if lines == self._table:
            return
        rows = [Row(line, "note", "doubtful") for line in lines]
        if self._phase is None:
            for row in rows:
                self._say(row)
        else:
            known = self._phase.notes
            self._phase.after += [row for row in rows if row.text not in known]

    def _judged(self, outcome: Outcome, returned: Mapping[str, Any]) -> None:
        self._end()
        result = self._result()
        if result is None:
            return
        self._table = [str(line) for line in returned.get("table", ())]
        rows = claims.rows_of(result, is_last=not returned.get("played_again"))
        for row in rows[:-1]:
            self._say(row)
        if outcome == "failed":
            for row in self.last_facts():
                self._say(row)
        self._say(rows[-1])
        if returned.get("played_again") and self._table:
            self._say(Row(self._table[-1], "note", "doubtful"))


def _words(seen: Seen) -> str:
    return ", ".join(filter(None, [counted(seen.replies), seen.health]))


def _after(mutations: Any) -> str:
    """What it is set to, when that is said: " (SSMTableName=unknown)"."""
    values = [f"{name}={value}" for each in mutations for name, value in each["after"].items()]
    return f" ({', '.join(values)})" if values else ""


def _settings(name: str) -> str:
    """What the name of the task says that it sets."""
    return re.sub(r"=(?=,|$)", "=(empty)", name.removeprefix("Set "))
