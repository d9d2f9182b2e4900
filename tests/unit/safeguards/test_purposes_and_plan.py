"""Whose stacks a playbook works on, what it says of others, and what a plan shows."""

from pathlib import Path
from typing import Any

import pytest

from safeguards import cost, plan, scenarios
from safeguards.purposes import PURPOSES, SWEEP, not_serving, refusal
from safeguards.scenarios import ScenarioError

PLAYBOOK = Path(__file__).resolve().parents[3] / "scenario.yml"
ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/0"
COMMAND = "ansible-playbook -i inventory/aws"


def found(ownership: str, **stack: Any) -> dict[str, Any]:
    return {
        "ownership": ownership,
        "caller": {"account": "111122223333", "arn": "arn:aws:iam::111122223333:user/ada"},
        "stack": {
            "name": "demo",
            "arn": None if ownership == "absent" else ARN,
            "status": "CREATE_COMPLETE",
            "status_reason": None,
            "parameters": {},
            "outputs": {"TGArn": "arn:tg"},
            **stack,
        },
        "resources": {"AWS::DynamoDB::Table": ["demo-table"], "AWS::IAM::Role": ["r"]},
        "instances": ["i-1", "i-2"],
    }


@pytest.mark.parametrize(
    ("playbook", "ownership", "expected"),
    [
        ("deploy", "absent", None),
        ("deploy", "own", None),
        ("deploy", "adopted", None),
        ("deploy", "older", f"-e service_stack_adopt={ARN}"),
        ("deploy", "foreign", ARN),
        ("destroy", "absent", None),
        ("destroy", "older", f"-e service_stack_adopt={ARN}"),
        ("destroy", "foreign", "-e service_stack_name="),
        ("scenario", "own", None),
        ("scenario", "absent", f"Deploy it with: {COMMAND} deploy.yml"),
        ("scenario", "older", f"-e service_stack_adopt={ARN}"),
        ("scenario", "adopted", f"-e service_stack_adopt={ARN}"),
        ("scenario", "foreign", "is not this project's"),
        ("recover", "foreign", "is not this project's"),
        ("status", "foreign", "is not this project's"),
        ("status", "absent", "is not deployed here"),
    ],
)
def test_each_playbook_works_on_its_own_stacks(
    playbook: str, ownership: str, expected: str | None
) -> None:
    said = refusal(PURPOSES[playbook], found(ownership), COMMAND)
    assert said is None if expected is None else expected in str(said)


def test_a_stack_that_failed_is_named_with_its_status_and_reason() -> None:
    failed = found("own", outputs={}, status="CREATE_FAILED", status_reason="no capacity")
    assert "it is CREATE_FAILED (no capacity)" in str(not_serving(failed, COMMAND))
    assert not_serving(found("own"), COMMAND) is None


def test_what_will_be_touched_is_named_by_exact_ids() -> None:
    lines = plan.lines(PURPOSES["destroy"], found("own"), "aws", "us-east-1", "")
    assert lines == [
        "backend: AWS, account 111122223333, us-east-1, as arn:aws:iam::111122223333:user/ada",
        "stack: demo, CREATE_COMPLETE",
        "will: deletes the stack and all that belongs to it",
        "touches:",
        f"  stack {ARN}",
        "  table demo-table",
        "  instances i-1, i-2",
        "  1 more resources of the stack",
    ]


def test_what_a_deployment_changes() -> None:
    wanted = {"SSMFailure": "none", "Same": "1", "SSHCidr": "", "New": "x"}
    present = {"SSMFailure": "static", "Same": "1", "SSHCidr": "192.0.2.0/24"}
    assert plan.differences(wanted, present) == [
        "SSHCidr: 192.0.2.0/24 -> (empty)",
        "SSMFailure: static -> none",
    ]


def test_a_sweep_touches_no_stack_of_the_inventory() -> None:
    lines = plan.lines(SWEEP, found("own"), "aws", "us-east-1", "")
    assert lines[-1].startswith("will: deletes each stack of this project whose time is over")


def test_a_sweep_says_what_becomes_of_each_stack() -> None:
    stacks = [
        {"name": "one", "expired": True, "why": "its time was over at noon"},
        {"name": "two", "expired": False, "why": "it never expires"},
    ]
    assert plan.swept(stacks) == [
        "one is removed: its time was over at noon",
        "two stays: it never expires",
    ]
    assert plan.swept([]) == ["there is no stack of this project"]


@pytest.mark.parametrize(
    ("playbook", "ownership", "differences", "changed"),
    [
        ("deploy", "absent", [], True),
        ("deploy", "adopted", [], True),
        ("deploy", "own", [], False),
        ("deploy", "own", ["SSMFailure: static -> none"], True),
        ("destroy", "absent", [], False),
        ("destroy", "own", [], True),
        ("scenario", "own", [], True),
        ("recover", "own", [], False),
    ],
)
def test_a_plan_says_whether_anything_would_change(
    playbook: str, ownership: str, differences: list[str], changed: bool
) -> None:
    assert plan.would_change(playbook, found(ownership), differences) == changed


@pytest.mark.parametrize(
    ("status", "converges", "said"),
    [
        ("CREATE_COMPLETE", True, ""),
        ("UPDATE_COMPLETE", True, ""),
        ("UPDATE_ROLLBACK_COMPLETE", True, ""),
        ("ROLLBACK_COMPLETE", False, "the stack is removed and created again"),
        ("REVIEW_IN_PROGRESS", False, "the stack is removed and created again"),
        ("UPDATE_ROLLBACK_FAILED", False, "its rollback is continued first"),
        ("UPDATE_IN_PROGRESS", False, "waits for UPDATE_IN_PROGRESS to end first"),
        ("DELETE_IN_PROGRESS", False, "waits for DELETE_IN_PROGRESS to end first"),
    ],
)
def test_a_plan_says_what_a_deployment_does_with_a_stack_that_it_cannot_just_update(
    status: str, converges: bool, said: str
) -> None:
    stack = found("own", status=status)
    assert plan.converges(stack) == converges
    assert plan.would_change("deploy", stack, []) != converges
    assert any(said in line for line in plan.before_convergence(stack)) == bool(said)


def test_a_stack_that_is_created_or_taken_over_is_not_compared() -> None:
    for ownership in ("absent", "adopted"):
        assert not plan.converges(found(ownership))


def test_the_cost_is_about_a_sum_of_list_prices() -> None:
    assert cost.estimate("t3.micro").startswith("about $0.09 an hour: 3 x t3.micro, ")
    assert "whose price is not known here" in cost.estimate("x9.huge")
    assert plan.cost(PURPOSES["deploy"], found("own"), "local", "t3.micro") == []
    assert plan.cost(PURPOSES["status"], found("absent"), "aws", "t3.micro") == []


def test_scenarios_are_listed_with_what_they_break() -> None:
    every = scenarios.chosen(PLAYBOOK, ["all"], ["fail-open"])
    assert len(every) == 7
    (healthy,) = scenarios.chosen(PLAYBOOK, ["healthy"], [])
    assert healthy.faults == ()
    assert healthy.described()[0].startswith("healthy: Three instances in three Availability Zones")
    (replace,) = scenarios.chosen(PLAYBOOK, ["replace-instance"], [])
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
