"""What the scenarios are going to break, as far as it stands in their plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Scenario:
    """`faults` are what a play writes down before it breaks something; some break nothing."""

    name: str
    hypothesis: str
    faults: tuple[str, ...]

    def described(self) -> str:
        breaks = "; ".join(self.faults) or "nothing"
        return f"{self.name}: breaks {breaks}. Hypothesis: {' '.join(self.hypothesis.split())}"


def chosen(playbook: Path, run_tags: list[str], skip_tags: list[str]) -> list[Scenario]:
    """The scenarios that a playbook imports, in its order, less those that tags leave out."""
    imported = [
        playbook.parent / play["ansible.builtin.import_playbook"]
        for play in yaml.safe_load(playbook.read_text())
        if play.get("ansible.builtin.import_playbook", "").startswith("playbooks/scenarios/")
    ]
    return [
        read(path)
        for path in imported
        if ("all" in run_tags or path.stem in run_tags) and path.stem not in skip_tags
    ]


def read(path: Path) -> Scenario:
    (play,) = yaml.safe_load(path.read_text())
    return Scenario(
        path.stem, play["vars"]["observation_hypothesis"], tuple(_faults(play["tasks"]))
    )


def _faults(tasks: list[dict[str, Any]]) -> Iterator[str]:
    for task in tasks:
        for inner in ("block", "rescue", "always"):
            yield from _faults(task.get(inner, []))
        variables = task.get("vars", {})
        if "observation_fault" in variables:
            yield variables["observation_fault"]
