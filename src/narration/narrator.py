"""Decides what is said of what Ansible does: a block for each play that does something.

A play that does nothing, such as that of a scenario that was not chosen, is not mentioned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from narration import failure
from narration.records import Records, Seen
from narration.row import BLANK, Row, Tone
from narration.scenario import ScenarioStory
from narration.task import Outcome, Task, said_by

_TONES: dict[Outcome, Tone] = {"changed": "good", "ok": "plain"}
_WORTH_SECONDS = 2.0
"""A task that changed nothing and was quicker than this is no news."""
_LONG_SECONDS = 30.0
"""Where nothing can be redrawn, a task that takes so long is mentioned, and again each time that
it has taken twice as long."""


@dataclass(frozen=True)
class Play:
    """`scenario` and `hypothesis` are empty for a play that is no scenario."""

    name: str
    scenario: str = ""
    hypothesis: str = ""


class Narrator:
    """`say` is called with each row, in order; `foot` returns what is going on just now."""

    def __init__(
        self,
        say: Callable[[Row], None],
        clock: Callable[[], float],
        scenarios: int = 0,
        command: str = "ansible-playbook",
    ) -> None:
        """`scenarios` are how many are going to be played, `command` what plays one again."""
        self._say = say
        self._clock = clock
        self._scenarios = scenarios
        self._command = command
        self._played: list[str] = []
        self._records: Records | None = None
        self._play = Play("")
        self._scenario: ScenarioStory | None = None
        self._is_announced = False
        self._task: Task | None = None
        self._shown = ""
        self._began = 0.0
        self._mentioned = _LONG_SECONDS

    @property
    def records(self) -> Records | None:
        """Of this run, once something was observed in it."""
        return self._records

    def play_started(self, play: Play) -> None:
        self.finish_play()
        self._play = play
        self._is_announced = False
        self._shown = ""

    def task_started(self, task: Task) -> None:
        self._task, self._began, self._mentioned = task, self._clock(), _LONG_SECONDS
        if not task.is_bookkeeping:
            self._shown = task.name
        if self._play.scenario:
            self._announce()
        if self._scenario:
            self._scenario.started(task)

    def task_ended(
        self, task: Task, outcome: Outcome, result: Mapping[str, Any], host: str = ""
    ) -> None:
        if result.get("run_folder") and self._records is None:
            self._records = Records.of(str(result["run_folder"]))
        self.read_journal()
        if self._records and task.deletes_stack and outcome in _TONES:
            self._records.faults.forget()
        if outcome == "skipped" or (outcome == "ignored" and self._scenario):
            return
        is_fatal = outcome in ("failed", "unreachable") and not task.is_rescued
        if self._scenario and not is_fatal:
            self._scenario.ended(task, outcome, result)
        elif not is_fatal:
            self._say_outcome(task, outcome, result, host)
        if is_fatal:
            self._failed(task, result, host)

    def read_journal(self) -> None:
        """Take in what is new in the run's journal."""
        for entry in self._records.news() if self._records else ():
            if self._scenario and entry.get("scenario") == self._play.scenario:
                self._scenario.entry(entry)

    def resources(self, text: str, *, is_over: bool) -> None:
        """What CloudFormation has just done; `is_over` when its operation has ended."""
        if self._scenario:
            self._scenario.resources(text, is_over=is_over)
        else:
            self._announce()
            self._say(Row(f"  {text}", tone="quiet"))

    def finish_play(self) -> None:
        if self._scenario:
            self._scenario.finish()
        self._scenario = None
        self._task = None

    def foot(self, resources: str = "") -> list[Row]:
        """What is going on: the task or the phase, how long, and what is in progress."""
        if self._task is None or self._task.module == "preflight" or not self._shown:
            return []  # A preflight may ask a question, which nothing must overwrite.
        if self._scenario:
            rows = self._scenario.foot()
        else:
            rows = [Row(self._shown, tone="quiet", seconds=self._clock() - self._began)]
        return rows + ([Row(resources, tone="quiet", detail=True)] if resources else [])

    def mention(self) -> None:
        """Where nothing is redrawn: say that a long task still goes on, seldom and seldomer."""
        seconds = self._clock() - self._began
        if self._task is None or seconds < self._mentioned:
            return
        self._mentioned = 2 * seconds
        waiting = self._scenario.awaiting if self._scenario else ""
        until = f", waiting until: {waiting}" if waiting else ""
        self._announce()
        self._say(Row(f"{self._task.name} has taken {seconds:.0f} s so far{until}", tone="quiet"))

    def _announce(self) -> None:
        if self._is_announced:
            return
        self._is_announced = True
        self._say(BLANK)
        name = self._play.scenario
        if not name:
            self._say(Row(self._play.name, tone="heading"))
            return
        text = self._play.hypothesis
        if name in self._played:
            text = "again"
        else:
            self._played.append(name)
        number = f"{len(self._played)}/{self._scenarios}" if self._scenarios > 1 else ""
        self._say(Row(text, name, "heading", number=number))
        self._scenario = ScenarioStory(self._say, self._clock, self._seen, self._result)

    def _say_outcome(
        self, task: Task, outcome: Outcome, result: Mapping[str, Any], host: str
    ) -> None:
        whose = f"{host}: " if host else ""
        if task.module == "debug":
            for line in said_by(result):
                self._announce()
                self._say(Row(whose + line))
            return
        seconds = self._clock() - self._began
        is_news = outcome == "changed" or (outcome == "ok" and seconds >= _WORTH_SECONDS)
        if is_news and not task.is_bookkeeping:
            self._announce()
            self._say(Row(whose + task.name, tone=_TONES[outcome], seconds=seconds))

    def _failed(self, task: Task, result: Mapping[str, Any], host: str) -> None:
        self._announce()
        if self._scenario:
            self._scenario.finish()
            for row in self._scenario.last_facts():
                self._say(row)
        for row in failure.rows_of(task, result, host):
            self._say(row)
        if self._scenario:
            again = f"{self._command} scenario.yml --tags {self._play.scenario}"
            self._say(Row(f"  again: {again}", tone="quiet"))

    def _seen(self) -> Seen:
        return self._records.seen() if self._records else Seen()

    def _result(self) -> Mapping[str, Any] | None:
        return self._records.result(self._play.scenario) if self._records else None
