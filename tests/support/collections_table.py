"""The table that the collections' own tests make, for a terminal and for Markdown alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collection_targets import Target
from counted_tasks import Counts

GOAL = 0.97
"""Of the tasks that are not refused by name, as many pass at least."""

_HEAD = ("target", "passed", "ran", "refused by name", "first failure")


@dataclass(frozen=True)
class Row:
    """What became of a target; `changed_files` are not those that were released."""

    target: Target
    counts: Counts | None
    changed_files: Sequence[str] = ()

    @property
    def is_below_goal(self) -> bool:
        return self.counts is not None and (
            self.counts.cut_off_after is not None or self.counts.share < GOAL
        )

    @property
    def cells(self) -> tuple[str, ...]:
        if self.counts is None:
            return (str(self.target), "", "", "", "not run: it has its own script")
        counts = self.counts
        remarks = [counts.first_failure.replace("|", "\\|")] if counts.first_failure else []
        if counts.cut_off_after is not None:
            remarks.append(f"cut off after {counts.cut_off_after:g} s")
        numbers = (counts.passed, counts.ran, counts.refused)
        return (str(self.target), *map(str, numbers), "; ".join(remarks))

    def __str__(self) -> str:
        """One line, while others still run."""
        name, passed, ran, refused, remarks = self.cells
        counted = f"{passed} of {ran} passed, {refused} refused by name" if ran else ""
        return f"{name}: " + "; ".join(text for text in (counted, remarks) if text)


def table(rows: Sequence[Row], versions: Mapping[str, str]) -> str:
    """Markdown: a line for each target, then what it was measured with."""
    lines = [_HEAD, tuple("-" * len(name) for name in _HEAD), *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD) - 1)]
    modules = " and ".join(f"{name} {number}" for name, number in versions.items())
    text = "".join(_line(cells, widths) for cells in lines) + f"\nModules: {modules}.\n"
    changed = [f"{row.target} ({len(row.changed_files)})" for row in rows if row.changed_files]
    unjudged = sum(row.counts.unjudged for row in rows if row.counts)
    if unjudged:
        text += f"Not judged: {unjudged} assertions on which calls a module made.\n"
    if changed:
        text += f"With test files that are not of these versions: {', '.join(changed)}.\n"
    return text


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, [*widths, 0], strict=True)]
    return "| " + " | ".join(padded) + " |\n"
