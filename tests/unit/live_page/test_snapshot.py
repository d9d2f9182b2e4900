"""What the page shows of what is known."""

import json
from pathlib import Path

import pytest

from evidence.record.reply import Reply
from evidence.record.samples import GroupInstance, GroupSample, TargetHealthSample, TargetState
from live_page.configuration import PageConfig
from live_page.facts import Facts, Stack
from live_page.snapshot import phase, state
from live_page.view import Instance, View
from safeguards.scenarios import read

OUTPUTS = {"LB": "lb.example", "TGArn": "arn", "AutoScalingGroup": "group"}


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"state": "healthy", "lifecycle": "InService", "ec2": "running"}, "in service"),
        ({"state": "healthy", "ec2": "running", "launched_at": 90.0}, "new"),
        ({"state": "initial", "lifecycle": "InService"}, "starting"),
        ({"lifecycle": "Pending:Wait"}, "starting"),
        ({"ec2": "pending"}, "starting"),
        ({"state": "draining", "lifecycle": "Terminating"}, "draining"),
        ({"lifecycle": "Terminating"}, "terminating"),
        ({"state": "unhealthy", "ec2": "shutting-down"}, "terminating"),
        ({"ec2": "terminated", "state": "draining"}, "terminated"),
        ({"gone_at": 99.0, "state": "healthy"}, "terminated"),
        ({"ec2": "running"}, "not registered"),
    ],
)
def test_the_phase_of_an_instance(known: dict[str, object], shown: str) -> None:
    assert phase(Instance("i-a", 0.0, **known), 100.0) == shown  # type: ignore[arg-type]


@pytest.fixture
def view() -> View:
    view = View()
    view.answered(Facts(99.0, Stack("arn", "UPDATE_COMPLETE", "", OUTPUTS, {})))
    members = [GroupInstance(f"i-{zone}", f"us-east-1{zone}", "InService") for zone in "abc"]
    targets = [TargetState(f"i-{zone}", 80, None, "unhealthy", "Target.Timeout") for zone in "abc"]
    view.sampled([GroupSample(99.0, tuple(members)), TargetHealthSample(99.0, tuple(targets))])
    kinds = ("real", "real", "static", "error")
    view.replied(
        Reply(98 + number / 100, 0, 3, 200, kinds[number % 4], instance="i-a")
        for number in range(200)
    )
    return view


def test_zones_in_order_each_instance_with_its_share_of_the_traffic(
    view: View, config: PageConfig
) -> None:
    shown = state(view, config, 100.0, is_observed=True)
    assert [zone["zone"] for zone in shown["zones"]] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    [first], [second], _ = (zone["instances"] for zone in shown["zones"])
    assert (first["rate"], first["words"]) == (100.0, "50% real, 25% static, 25% error")
    assert (second["rate"], second["kinds"]) == (0.0, {})
    assert shown["stack"]["url"] == "http://lb.example/"


def test_fail_open_lets_unhealthy_targets_get_requests(view: View, config: PageConfig) -> None:
    shown = state(view, config, 100.0, is_observed=True)
    assert shown["health"] == {
        "words": "3 unhealthy",
        "healthy": 0,
        "targets": 3,
        "is_fail_open": True,
    }
    assert all(zone["instances"][0]["gets_requests"] for zone in shown["zones"])


def test_the_same_state_is_the_same_text_a_second_later(view: View, config: PageConfig) -> None:
    shown = [json.dumps(state(view, config, at, is_observed=True)) for at in (100.0, 100.3)]
    assert shown[0] == shown[1]


PLAYS = Path(__file__).resolve().parents[3] / "playbooks/scenarios"
OF_ALL = ["steady state", "fault", "effect", "restored", "judged"]


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("fail-open", OF_ALL),
        ("healthy", ["steady state", "observed", "still so", "judged"]),
        ("recovery", ["steady state", "fault", "judged"]),
    ],
)
def test_the_steps_of_a_scenario(
    view: View, config: PageConfig, name: str, steps: list[str]
) -> None:
    assert state(view, config, 100.0, is_observed=False)["scenario"] is None
    entry = {"scenario": name, "event": "mark"}
    view.journaled(
        [
            {"at": 90.0, "scenario": name, "event": "started"},
            {"at": 92.0, "mark": "steady", **entry},
            {"at": 93.0, "mark": "fault", "mutation": "<b>break</b> it", **entry},
        ]
    )
    plan = None if name == "recovery" else read(PLAYS / f"{name}.yml")
    scenario = state(view, config, 100.0, is_observed=True, plan=plan)["scenario"]
    assert [each["name"] for each in scenario["steps"]] == steps
    assert scenario["steps"][0]["at"] == 92.0
    assert scenario["steps"][-1]["at"] is None
    assert scenario["is_going_on"]
    assert scenario["change"] == "<b>break</b> it"
