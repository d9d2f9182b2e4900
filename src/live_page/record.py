"""The record of the newest run on a stack, read on as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from evidence.observe.observation import running_observer
from evidence.record.journal import NewLines
from evidence.record.latest import Latest, tail_start
from evidence.record.mutations import last_run
from evidence.record.reply import Reply, is_held, reply_from_json
from evidence.record.run_folder import RunFolder, owner_of
from evidence.record.samples import Sample, sample_from_json
from evidence.report.verdicts import result_of

Read = TypeVar("Read")

_REPLIES_BYTES = 8_000_000
_SAMPLES_BYTES = 2_000_000
"""Where the records begin that are read at first: minutes of them."""


@dataclass
class News:
    """What is new in a record since it was read before, each in the order it was written."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


class Record:
    def __init__(self, runs_directory: Path, stack_name: str) -> None:
        self._runs_directory = runs_directory
        self._stack_name = stack_name
        self.folder: RunFolder | None = None

    @property
    def is_going_on(self) -> bool:
        """Whether the process that the run belongs to is at work."""
        owner = self.folder and owner_of(self.folder)
        return bool(owner and owner.is_running())

    @property
    def is_observed(self) -> bool:
        """Whether somebody records the service just now."""
        return self.folder is not None and running_observer(self.folder) is not None

    def read(self, stack_id: str | None) -> News:
        """What is new, in the newest run on the stack; nothing before it is known which that is.

        Another AWS may have one of the same name.
        """
        if stack_id is None:
            return News()
        folder = last_run(self._runs_directory, self._stack_name, stack_id)
        if folder is None:
            return News()
        if folder != self.folder:
            self.folder = folder
            self._entries = NewLines(folder.journal, 0)
            self._samples = NewLines(folder.samples, tail_start(folder.samples, 0, _SAMPLES_BYTES))
            self._requests = NewLines(
                folder.requests, tail_start(folder.requests, 0, _REPLIES_BYTES)
            )
        return News(
            list(self._entries.new()),
            list(_readable(sample_from_json, self._samples.new())),
            list(_readable(reply_from_json, self._requests.new(), but=is_held)),
        )

    def result(self, scenario: str) -> dict[str, Any] | None:
        """What verdicts.json says of a scenario, once it is judged."""
        return None if self.folder is None else result_of(self.folder.verdicts, scenario)

    def latest(self, scenario: str) -> Latest | None:
        """What reads the evidence of an observation that goes on; None before there is a run."""
        return None if self.folder is None else Latest(self.folder, scenario, None)


def _readable(
    read: Callable[[dict[str, Any]], Read],
    lines: Iterator[dict[str, Any]],
    but: Callable[[dict[str, Any]], bool] = lambda _: False,
) -> Iterator[Read]:
    """What the lines say; those of another version are left out."""
    for line in lines:
        if not but(line):
            with suppress(KeyError, TypeError):
                yield read(line)
