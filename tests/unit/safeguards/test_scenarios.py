"""What scenarios break and claim, and what is misspelt in one, before any of them begins."""

from pathlib import Path

import pytest

from safeguards import scenarios
from safeguards.scenarios import ScenarioError

PLAYBOOK = Path(__file__).resolve().parents[3] / "scenario.yml"


def test_scenarios_are_listed_with_what_they_break() -> None:
    every = scenarios.chosen(PLAYBOOK, ["all"], ["fail-open"])
    assert len(every) == 7
    (healthy,) = scenarios.chosen(PLAYBOOK, ["healthy"], [])
    assert healthy.faults == ()
    assert healthy.described()[0].startswith("healthy: Three instances in three Availability Zones")
    (replace,) = scenarios.chosen(PLAYBOOK, ["replace-instance"], [])
    assert scenarios.listed([healthy], 1)[:2] == ["scenarios:", f"  {healthy.described()[0]}"]
    assert scenarios.listed([healthy], 30)[0] == "scenarios, each 30 times:"
    lines = replace.described()
    assert lines[1:5] == [
        "  fault: remove one instance's profile and reboot it",
        "  restored by: associate the profile again",
        "  fault: terminate the failing instance",
        "  restored by: none; Auto Scaling replaces it",
    ]
    expected = "count where kind=error (all) is 0"
    assert f"  claims: no request failed on the way ({expected})" in lines


SCENARIO = """
- name: A scenario
  vars: {observation_hypothesis: All is well}
  tasks:
    - name: Wait
      vars: {observation_steady: [STEADY]}
    - block:
        - name: Judge
          vars: {observation_claims: [CLAIM]}
"""
WELL = "{claim: all is well, measure: healthy_targets, is: 3, must_fail_in_control: true}"


@pytest.mark.parametrize("place", ["STEADY", "CLAIM"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{claim: a, measure: shore, is: 1}", "unknown measure 'shore'"),
        ("{claim: a, measure: share, at_mots: 1}", "unknown at_mots"),
        ("{claim: a, measure: healthy_targets, is: one}", "the bound must be a number"),
        ("{claim: a, measure: share, where: {knid: real}, is: 1}", "knid"),
        ("{claim: a, measure: share, where: {kind: eror}, is: 1}", "unknown kind 'eror'"),
    ],
)
def test_a_misspelt_claim_is_named_before_anything_begins(
    tmp_path: Path, place: str, wrong: str, said: str
) -> None:
    path = tmp_path / "tale.yml"
    text = SCENARIO.replace(place, wrong).replace("STEADY", WELL).replace("CLAIM", WELL)
    path.write_text(text)
    with pytest.raises(ScenarioError, match=f"^tale: .*{said}"):
        scenarios.read(path)


def test_a_bound_that_the_play_computes_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "tale.yml"
    computed = WELL.replace("3", "'{{ eviction }}'")
    path.write_text(SCENARIO.replace("STEADY", WELL).replace("CLAIM", computed))
    assert scenarios.read(path).hypothesis == "All is well"


@pytest.mark.parametrize(
    "where", ["{kind: '{{ kind }}'}", "{status: {not: ['{{ status }}', 200]}}"]
)
def test_a_filter_that_the_play_computes_is_no_mistake(tmp_path: Path, where: str) -> None:
    path = tmp_path / "tale.yml"
    computed = f"{{claim: a, measure: share, where: {where}, is: 1, must_fail_in_control: true}}"
    path.write_text(SCENARIO.replace("STEADY", computed).replace("CLAIM", computed))
    described = scenarios.read(path).described()
    assert "  claims: a" in described
