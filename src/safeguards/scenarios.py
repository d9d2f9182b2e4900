"""What the scenarios are going to break and to claim, as far as it stands in their plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evidence.claims import Claim, ClaimError, parse_claims

_SCENARIOS = "playbooks/scenarios/"
_INNER_TASKS = ("block", "rescue", "always")
_CLAIMED = "observation_claims"
_AWAITED = ("observation_steady", "observation_settled")
_BOUNDS = ("is", "at_least", "at_most")


class ScenarioError(ValueError):
    """A claim of a scenario that is not written as it must be: of which scenario, and what."""


@dataclass(frozen=True)
class Fault:
    """What a play writes down before it breaks something, and how that is undone."""

    mutation: str
    inverse: str


@dataclass(frozen=True)
class Scenario:
    """Some scenarios have no fault, because they break nothing."""

    name: str
    hypothesis: str
    faults: tuple[Fault, ...]
    claims: tuple[Claim, ...]

    def described(self) -> list[str]:
        """Its plan, in lines."""
        return [
            f"{self.name}: {' '.join(self.hypothesis.split())}",
            *(f"  breaks: {fault.mutation}" for fault in self.faults),
            *(f"  undone by: {fault.inverse}" for fault in self.faults),
            *(f"  claims: {claim.sentence} ({claim.expected})" for claim in self.claims),
        ]


def chosen(playbook: Path, run_tags: list[str], skip_tags: list[str]) -> list[Scenario]:
    """The scenarios that a playbook imports, in its order, less those that tags leave out.

    Raises ScenarioError; so what is misspelt in one of them is found before any of them begins.
    """
    imported = [
        playbook.parent / play["ansible.builtin.import_playbook"]
        for play in yaml.safe_load(playbook.read_text())
        if play.get("ansible.builtin.import_playbook", "").startswith(_SCENARIOS)
    ]
    return [
        read(path)
        for path in imported
        if ("all" in run_tags or path.stem in run_tags) and path.stem not in skip_tags
    ]


def read(path: Path) -> Scenario:
    """Raises ScenarioError for a claim, or for what is awaited, that is not written as it must."""
    (play,) = yaml.safe_load(path.read_text())
    variables = list(_variables(play["tasks"]))
    faults = [
        Fault(given["observation_fault"], given["observation_inverse"])
        for given in variables
        if "observation_fault" in given
    ]
    try:
        for given in variables:
            for name in _AWAITED:
                if given.get(name):
                    parse_claims([_with_known_bounds(claim) for claim in given[name]])
        claimed = [claim for given in variables for claim in given.get(_CLAIMED, [])]
        claims = parse_claims(
            [_with_known_bounds(claim) for claim in claimed], negative_control=True
        )
    except ClaimError as error:
        raise ScenarioError(f"{path.stem}: {error}") from error
    hypothesis = play["vars"]["observation_hypothesis"]
    return Scenario(path.stem, hypothesis, tuple(faults), tuple(claims))


def _variables(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Those of each task, in their order."""
    for task in tasks:
        for inner in _INNER_TASKS:
            yield from _variables(task.get(inner, []))
        yield task.get("vars", {})


def _with_known_bounds(claim: Mapping[str, Any]) -> dict[str, Any]:
    """A bound that the play computes is a number, but which one is not known yet."""
    return {
        key: 0 if key in _BOUNDS and isinstance(value, str) and "{{" in value else value
        for key, value in claim.items()
    }
