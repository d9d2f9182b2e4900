"""What happened becomes what is known, and one sentence."""

from typing import Any

import pytest

from evidence.record.reply import Reply
from evidence.record.samples import GroupInstance, GroupSample, TargetHealthSample, TargetState
from live_page.facts import Facts, Instance, Stack, StackEvent
from live_page.view import GONE_SECONDS, View

STACK = Stack("arn:stack", "CREATE_COMPLETE", "", {"LB": "127.0.0.1:80"}, {})
MISMATCH = ("unhealthy", "Target.ResponseCodeMismatch")


def health(at: float, **states: Any) -> TargetHealthSample:
    rows = (
        (name, (said, None) if isinstance(said, str) else said) for name, said in states.items()
    )
    return TargetHealthSample(
        at, tuple(TargetState(f"i-{name}", 80, None, *said) for name, said in rows)
    )


def group(at: float, **states: str) -> GroupSample:
    rows = states.items()
    return GroupSample(
        at, tuple(GroupInstance(f"i-{name}", "us-east-1a", state) for name, state in rows)
    )


def mark(at: float, name: str, **details: Any) -> dict[str, Any]:
    return {"at": at, "scenario": "bad-credentials", "event": "mark", "mark": name, **details}


def texts(view: View) -> list[str]:
    return [line.text for line in view.lines]


@pytest.fixture
def view() -> View:
    view = View()
    view.sampled([health(10, a="healthy", b="healthy"), group(10, a="InService", b="InService")])
    return view


def test_what_is_there_at_first_is_no_news(view: View) -> None:
    assert texts(view) == []
    assert not view.instances["i-a"].is_since_known


def test_a_target_that_turns_unhealthy_says_why_and_how_long_after_the_fault(view: View) -> None:
    view.journaled(
        [
            {"at": 11.0, "scenario": "bad-credentials", "event": "started"},
            mark(12.0, "fault", mutation="take the profile", instance="i-a"),
        ]
    )
    view.sampled([health(13.4, a=MISMATCH, b="healthy")])
    assert texts(view)[-1] == (
        "target i-a unhealthy: Target.ResponseCodeMismatch, 1.4 s after: take the profile"
    )
    assert (view.instances["i-a"].since, view.instances["i-a"].is_since_known) == (13.4, True)
    assert view.scenario is not None
    assert view.scenario.victim == "i-a"


def test_long_after_a_fault_nothing_is_said_to_come_of_it(view: View) -> None:
    view.journaled(
        [{"at": 11.0, "scenario": "x", "event": "started"}, mark(12.0, "fault", mutation="m")]
    )
    view.sampled([health(200, a=MISMATCH, b="healthy")])
    assert texts(view)[-1] == "target i-a unhealthy: Target.ResponseCodeMismatch"


def test_another_reason_does_not_begin_another_time(view: View) -> None:
    view.sampled([health(20, a=MISMATCH, b="healthy")])
    view.sampled([health(25, a=("unhealthy", "Target.Timeout"), b="healthy")])
    assert view.instances["i-a"].since == 20
    assert view.instances["i-a"].reason == "Target.Timeout"


@pytest.mark.parametrize(
    ("states", "is_open"),
    [
        ({"a": MISMATCH, "b": MISMATCH}, True),
        ({"a": MISMATCH, "b": "initial"}, True),
        ({"a": MISMATCH, "b": "healthy"}, False),
        ({"a": "draining", "b": "initial"}, False),
        ({}, False),
    ],
)
def test_fail_open_is_when_no_target_is_healthy(
    view: View, states: dict[str, Any], is_open: bool
) -> None:
    view.sampled([health(20, **states)])
    assert view.is_fail_open is is_open
    assert any(text.startswith("fail-open: no target") for text in texts(view)) is is_open
    view.sampled([health(30, a="healthy", b="healthy")])
    assert (texts(view)[-1] == "fail-open is over: requests go to healthy targets only") is is_open


def test_an_instance_that_is_gone_stays_a_while(view: View) -> None:
    view.sampled([health(20, b="healthy"), group(20, b="InService")])
    assert texts(view) == ["target i-a deregistered", "instance i-a Terminated"]
    view.moved_on(21)
    assert view.instances["i-a"].gone_at == 21
    view.moved_on(21 + GONE_SECONDS + 1)
    assert list(view.instances) == ["i-b"]


def test_a_new_instance_is_news_once(view: View) -> None:
    view.answered(Facts(20, STACK))
    facts = Facts(21, STACK, instances=(Instance("i-c", "pending", "us-east-1c", 20.5),))
    view.answered(facts)
    view.answered(facts)
    assert texts(view) == ["instance i-c launched in us-east-1c"]


def test_an_instance_that_was_terminated_before_is_not_shown(view: View) -> None:
    view.answered(Facts(20, STACK, instances=(Instance("i-old", "terminated", "us-east-1c", 1.0),)))
    assert "i-old" not in view.instances


def test_a_setting_that_changes_and_an_event_of_the_stack_are_news(view: View) -> None:
    first = StackEvent("1", 1.0, "x", "UPDATE_COMPLETE", "", is_stack=True)
    failed = StackEvent(
        "2", 22.0, "DocExampleRecommendationServiceTable", "UPDATE_FAILED", "no", is_stack=False
    )
    view.answered(Facts(20, STACK, (first,), settings={"SSMTableName": "t"}))
    begun = StackEvent("3", 21.0, "Other", "UPDATE_IN_PROGRESS", "", is_stack=False)
    view.answered(Facts(23, STACK, (failed, begun, first), settings={"SSMTableName": "unknown"}))
    assert texts(view) == [
        "SSMTableName is unknown, was t",
        "CloudFormation: Table UPDATE_FAILED: no",
    ]


def test_most_replies_turn(view: View) -> None:
    view.replied(
        Reply(20 + n / 50, 0, 2, 200, "real", instance="i-a", release="2.0") for n in range(50)
    )
    view.moved_on(21)
    view.replied(Reply(24 + n / 50, 0, 2, 502, "error") for n in range(100))
    view.moved_on(26)
    assert texts(view) == ["most replies are errors now"]
    assert view.instances["i-a"].release == "2.0"


def test_a_scenario_from_its_journal(view: View) -> None:
    view.journaled(
        [
            {"at": 11.0, "scenario": "bad-credentials", "event": "started"},
            {"at": 12.0, "scenario": "bad-credentials", "event": "awaiting", "claims": ["a", "b"]},
            mark(16.0, "steady", since=15.0),
            mark(17.0, "fault", mutation="m", inverse="i"),
            mark(30.0, "restored"),
            {"at": 31.0, "scenario": "bad-credentials", "event": "stopped"},
        ]
    )
    assert view.scenario is not None
    assert view.scenario.marks == {"steady": 15.0, "fault": 17.0, "restored": 30.0}
    assert view.scenario.stopped_at == 31.0
    assert [name for _, name, _ in view.marks] == ["fault", "recovery"]
    result = {"scenario": "bad-credentials", "outcome": "passed", "claims": [{"outcome": "held"}]}
    view.judged(result, 32.0)
    view.judged(result, 33.0)
    assert texts(view)[-1] == "bad-credentials: 1 of 1 claims held"
