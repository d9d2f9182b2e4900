"""What a run has changed, read back from its journal, so that it can be undone after its end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.record.journal import read_lines
from evidence.record.run_folder import RunFolder, facts_of, runs


@dataclass(frozen=True)
class Mutation:
    """One change, as it was written down before it was made; it may never have been made.

    `operation` is a call of AWS's API such as "cloudformation:UpdateStack", `resource` the name or
    ARN of what it changes; `before` and `after` are its settings then.
    """

    at: float
    scenario: str
    operation: str
    resource: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def last_run(runs_directory: Path, stack_name: str, stack_arn: str | None) -> RunFolder | None:
    """The newest run on this stack: its name must be the same, and its ARN where both are known."""
    for run in runs(runs_directory):
        stack = facts_of(run).get("stack")
        if (
            isinstance(stack, dict)
            and stack.get("name") == stack_name
            and (stack_arn is None or stack.get("arn") in {None, stack_arn})
        ):
            return run
    return None


def open_mutations(run: RunFolder) -> list[Mutation]:
    """What a run has changed since its last observation began, the oldest first.

    An entry that cannot be read, of another version or written by hand, is left out.
    """
    found: list[Mutation] = []
    for entry in read_lines(run.journal):
        if entry.get("event") == "started":
            found = []
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            found.extend([_mutation(entry, values) for values in entry.get("mutations", ())])
    return found


def _mutation(entry: Mapping[str, Any], values: Mapping[str, Any]) -> Mutation:
    return Mutation(
        at=float(entry["at"]),
        scenario=str(entry["scenario"]),
        operation=str(values["operation"]),
        resource=str(values["resource"]),
        before=dict(values.get("before", {})),
        after=dict(values.get("after", {})),
    )
