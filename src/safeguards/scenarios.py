"""What the scenarios are going to break and to claim, as far as it stands in their plays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.claims import Claim, ClaimError, parse_claims
from safeguards.yaml_file import read_yaml

_SCENARIOS = "playbooks/scenarios/"
_OF_ALL = Path(__file__).resolve().parents[2] / "roles/observation/defaults/main.yml"
_CLAIMED_OF_ALL = ("observation_latency", "observation_restored")
"""What every scenario claims, unless it says otherwise."""
_INNER_TASKS = ("block", "rescue", "always")
_CLAIMED = "observation_claims"
_AWAITED = ("observation_steady", "observation_settled")
_BOUNDS = ("is", "at_least", "at_most")
_FILTERS = ("where", "among")
_CHECKED = {"kind": "real", "status": 200, "error": "502"}
"""The fields of a filter whose values must be valid, each with one that is."""


class ScenarioError(ValueError):
    """A claim of a scenario that is not written as it must be: of which scenario, and what."""


@dataclass(frozen=True)
class Fault:
    """What a play records before it injects a fault: the fault, and how it is restored."""

    mutation: str
    inverse: str

    def described(self) -> tuple[str, str]:
        return f"  fault: {self.mutation}", f"  restored by: {self.inverse}"


@dataclass(frozen=True)
class Scenario:
    """A scenario may have no fault. `claims` are lines for people,
    `entries` the same claims as their play has them: what it computes is still a template."""

    name: str
    hypothesis: str
    faults: tuple[Fault, ...]
    claims: tuple[str, ...]
    entries: tuple[Mapping[str, Any], ...]

    def described(self) -> list[str]:
        """Its plan, in lines."""
        return [
            f"{self.name}: {' '.join(self.hypothesis.split())}",
            *(line for fault in self.faults for line in fault.described()),
            *(f"  claims: {claim}" for claim in self.claims),
        ]


def chosen(playbook: Path, run_tags: list[str], skip_tags: list[str]) -> list[Scenario]:
    """The scenarios that a playbook imports, in its order, less those that tags leave out.

    Raises ScenarioError; so what is misspelt in one of them is found before any of them begins.
    """
    imported = [
        playbook.parent / play["ansible.builtin.import_playbook"]
        for play in read_yaml(playbook)
        if play.get("ansible.builtin.import_playbook", "").startswith(_SCENARIOS)
    ]
    return [
        read(path)
        for path in imported
        if ("all" in run_tags or path.stem in run_tags) and path.stem not in skip_tags
    ]


def listed(scenarios: Iterable[Scenario], repeats: int) -> list[str]:
    """Their plans, in lines."""
    heading = "scenarios:" if repeats == 1 else f"scenarios, each {repeats} times:"
    return [heading, *(f"  {line}" for each in scenarios for line in each.described())]


def read(path: Path) -> Scenario:
    """Raises ScenarioError for a claim, or for what is awaited, that is not written as it must."""
    (play,) = read_yaml(path)
    variables = [*_variables(play["tasks"]), play["vars"]]
    faults = [
        Fault(given["observation_fault"], given["observation_inverse"])
        for given in variables
        if "observation_fault" in given
    ]
    try:
        for given in variables:
            for name in _AWAITED:
                if given.get(name):
                    parse_claims([_as_far_as_known(entry) for entry in given[name]])
        entries = [entry for given in variables for entry in given.get(_CLAIMED, [])]
        entries += _of_all_scenarios()
        claims = parse_claims([_as_far_as_known(entry) for entry in entries], negative_control=True)
    except ClaimError as error:
        raise ScenarioError(f"{path.stem}: {error}") from error
    hypothesis = play["vars"]["observation_hypothesis"]
    lines = tuple(map(_line, entries, claims))
    return Scenario(path.stem, hypothesis, tuple(faults), lines, tuple(entries))


def _variables(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Those of each task, in their order."""
    for task in tasks:
        for inner in _INNER_TASKS:
            yield from _variables(task.get(inner, []))
        yield task.get("vars", {})


def _of_all_scenarios() -> list[dict[str, Any]]:
    defaults = read_yaml(_OF_ALL)
    return [entry for name in _CLAIMED_OF_ALL for entry in defaults[name]]


def _line(entry: Mapping[str, Any], claim: Claim) -> str:
    """Its sentence, and what is expected unless the play computes it."""
    expected = "" if any(map(_is_computed, entry.items())) else f" ({claim.expected})"
    where = ", where the stack lets replies be held" if claim.measure.rests_on == "held" else ""
    return claim.sentence + expected + where


def _is_computed(item: tuple[str, Any]) -> bool:
    key, value = item
    if key in _FILTERS:  # their instances and releases are any text
        return isinstance(value, dict) and any(
            field in _CHECKED and "{{" in str(given) for field, given in value.items()
        )
    return key in (*_BOUNDS, "during", "lag_seconds") and isinstance(value, str) and "{{" in value


def _as_far_as_known(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A bound or lag that the play computes is a number, but which one is not known yet.

    A filter has a valid value where the play computes one that must be.
    """
    known = dict(entry)
    for key, value in entry.items():
        if not _is_computed((key, value)):
            continue
        if key in _FILTERS:
            known[key] = {
                field: _CHECKED[field] if field in _CHECKED and "{{" in str(given) else given
                for field, given in value.items()
            }
        else:
            known[key] = "all" if key == "during" else 0
    return known
