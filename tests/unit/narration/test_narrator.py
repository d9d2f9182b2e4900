"""What is said of what Ansible does: little when all is well, everything when it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.record.journal import append_lines
from evidence.record.reply import Reply, reply_to_json
from evidence.record.samples import TargetHealthSample, TargetState, sample_to_json
from narration.drawing import lines_of
from narration.narrator import Narrator, Play
from narration.row import Row
from narration.task import Task

REPLIES = 100
SCENARIO = Play("Fail open", "fail-open", "Nobody notices")
STARTED = {"scenario": "fail-open", "requests_size": 0, "samples_size": 0, "settings": {}}
CLAIM = {
    "claim": "every reply is 200",
    "expected": "share where status=200 (all) is 100%",
    "seen": "100%, 9 of 9: above 71% (95%)",
    "outcome": "held",
    "must_fail_in_control": False,
    "definition": {"measure": "share", "during": ["all"]},
}
LATENCY = {
    **CLAIM,
    "claim": "they are quick",
    "seen": "5 ms",
    "definition": {"measure": "latency_p50_ms", "during": ["all"]},
}


class Heard:
    """A narrator, what it has said, and a clock that is set by hand."""

    def __init__(self, folder: Path, scenarios: int = 8) -> None:
        self.folder = folder
        self.now = 100.0
        self.rows: list[Row] = []
        self.narrator = Narrator(self.rows.append, lambda: self.now, scenarios)

    @property
    def text(self) -> list[str]:
        """What was said, without the spaces between columns."""
        lines = [line.plain for row in self.rows for line in lines_of(row, None)]
        return [" ".join(line.split()) for line in lines]

    def play(self, task: Task, seconds: float = 0.0, outcome: Any = "ok", **result: Any) -> None:
        self.narrator.task_started(task)
        self.now += seconds
        self.narrator.task_ended(task, outcome, result)

    def observe(self, seconds: float = 0.0, outcome: Any = "ok", **arguments: str) -> None:
        task = Task(f"observe {arguments}", "observation", arguments, is_rescued=True)
        self.play(task, seconds, outcome, run_folder=str(self.folder), msg="it did not come")

    def record(self, event: str, **details: Any) -> None:
        entry = {"at": self.now, "scenario": "fail-open", "event": event, **details}
        append_lines(self.folder / "journal.jsonl", [{**STARTED, **entry}])

    def reply(self, *kinds: Any) -> None:
        """What clients are answered from now on, by three targets."""
        replies = [Reply(self.now, 0, 5, 200, kind) for kind in kinds * REPLIES]
        lines = [reply_to_json(each, "fail-open") for each in replies]
        append_lines(self.folder / "requests.jsonl", lines)
        targets = tuple(TargetState(name, 80, None, "healthy") for name in "abc")
        sample = sample_to_json(TargetHealthSample(self.now, targets), "fail-open")
        append_lines(self.folder / "samples.jsonl", [sample])

    def judge(self, outcome: str, *claims: dict[str, Any], **result: Any) -> None:
        figures = {
            "requests": 9,
            "by_kind": {"static": 9},
            "latency_ms": {"all": {"p99": 12.3}},
            "time_to_seconds": {"restore": 1.25},
        }
        entry = {
            "scenario": "fail-open",
            "negative_control": False,
            "outcome": outcome,
            "claims": claims,
            "figures": figures,
            "repetitions": [],
        }
        (self.folder / "verdicts.json").write_text(json.dumps({"scenarios": [entry]}))
        task = Task("Judge", "verdict", is_rescued=True)
        self.play(task, 0, "ok" if outcome == "passed" else "failed", **result)


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    return Heard(tmp_path)


def begun(heard: Heard) -> None:
    heard.narrator.play_started(SCENARIO)
    heard.record("started")
    heard.observe(state="started")


def test_a_play_that_does_nothing_is_not_mentioned(heard: Heard) -> None:
    heard.narrator.play_started(SCENARIO)
    heard.narrator.play_started(Play("Take the time"))
    heard.play(Task("Record it", "ansible.builtin.set_fact"))
    heard.play(Task("Not needed", "uri"), outcome="skipped")
    heard.narrator.finish_play()
    assert heard.rows == []


def test_tasks_that_do_something_are_said_with_their_time_and_debug_by_its_message(
    heard: Heard,
) -> None:
    heard.narrator.play_started(Play("Deploy the service"))
    heard.play(Task("Find the subnets", "amazon.aws.ec2_vpc_subnet_info"))
    heard.play(Task("Look at it", "target_health"), 0.5)
    heard.play(Task("Create the stack", "amazon.aws.cloudformation"), 7.6, "changed")
    heard.play(Task("Wait for it", "target_health"), 2.5)
    heard.play(Task("Show it", "ansible.builtin.debug"), msg=["it serves", "at home"])
    heard.play(Task("Show all", "debug"), msg={"targets": [{"state": "healthy"}]})
    assert heard.text == [
        *("", "Deploy the service", "Create the stack 7.6 s", "Wait for it 2.5 s"),
        *("it serves", "at home"),
        *("targets:", "- state: healthy"),
    ]


def test_a_scenario_is_told_by_what_its_journal_marks(heard: Heard) -> None:
    begun(heard)
    setting = Task("Set SSMFailure=none, SSMTableName=", "amazon.aws.cloudformation")
    heard.play(setting, 0.5, "changed")
    heard.reply("real")
    heard.observe(1, state="awaited", mark="steady")
    after = [{"after": {"SSMTableName": "unknown"}}]
    heard.record("mark", mark="fault", mutation="set another table", mutations=after)
    heard.observe(state="marked", mark="{{ observation_mark }}")
    heard.narrator.resources("updated Table", is_over=False)
    heard.narrator.task_started(Task("Set another table", "amazon.aws.cloudformation"))
    heard.now += 2
    heard.reply("real", "static")
    heard.observe(3, state="awaited", mark="settled")
    heard.observe(state="marked", mark="repair")
    heard.reply("real")
    heard.observe(4, state="awaited", mark="restored")
    heard.judge("passed", CLAIM, LATENCY)
    heard.narrator.finish_play()
    assert heard.text == [
        "",
        "1/8 fail-open Nobody notices",
        "given SSMFailure=none, SSMTableName=(empty) 0.5 s",
        f"steady state {'█' * 20} 100% real, 3 healthy 1.0 s",
        "fault updated Table 0.0 s",
        "fault set another table (SSMTableName=unknown) 2.0 s",
        f"effect {'█' * 10}{'▓' * 10} 50% real, 50% static, 3 healthy 3.0 s",
        f"restored {'█' * 20} 100% real, 3 healthy 4.0 s",
        "held every reply is 200: 100%, 9 of 9: above 71% (95%) [is 100%]",
        "held 2 of 2 9 requests, 0 failed (below 29% at 95%), p99 12 ms, restored in 1.2 s",
    ]


def test_a_scenario_that_is_played_again_says_so_and_keeps_its_number(heard: Heard) -> None:
    unjudged = {**LATENCY, "outcome": "unjudged", "seen": "this machine was too busy"}
    for again in (True, False):
        begun(heard)
        table = ["...", "it is played again"] if again else ["..."]
        heard.judge("unjudged", CLAIM, unjudged, played_again=again, table=table)
    text = heard.text
    assert "note it is played again" in text
    assert "1/8 fail-open again" in text
    # Only the last word is about all claims.
    assert [line for line in text if line.startswith("held every reply")] == [
        "held every reply is 200: 100%, 9 of 9: above 71% (95%) [is 100%]"
    ]


def test_a_refuted_claim_is_shown_with_what_was_expected_seen_and_known(heard: Heard) -> None:
    begun(heard)
    heard.record("mark", mark="fault", mutation="break it")
    heard.observe(1.5, state="awaited", mark="settled")
    heard.judge("failed", {**CLAIM, "outcome": "refuted", "seen": "50%"}, LATENCY)
    heard.play(Task("End the run", "ansible.builtin.fail"), 0, "failed", msg="it is not so")
    text = heard.text
    at = text.index("REFUTED every reply is 200")
    assert text[at:] == [
        "REFUTED every reply is 200",
        "expected: share where status=200 (all) is 100%",
        "seen: 50%",
        "held they are quick: 5 ms [is 100%]",
        "last mark: fault, 0.0 s before",
        "held 1 of 2 9 requests, 0 failed (below 29% at 95%), p99 12 ms, restored in 1.2 s",
        "fatal: it is not so",
        "task: End the run",
        "again: ansible-playbook scenario.yml --tags fail-open",
    ]


def test_a_failure_that_a_rescue_handles_is_no_end(heard: Heard) -> None:
    begun(heard)
    heard.observe(30, "failed", state="awaited", mark="steady")
    rescued = Task("End the scenario", "fail", is_rescued=True)
    heard.play(rescued, 0, "failed", msg="it did not come")
    heard.narrator.finish_play()
    assert heard.text[-1] == "steady state it did not come 30.0 s"
    assert not [line for line in heard.text if line.startswith("fatal")]


def test_a_loop_that_a_rescue_handles_is_noted_by_what_its_items_say(heard: Heard) -> None:
    begun(heard)
    heard.observe(30, "marked", mark="repair")
    items = [
        {"item": "i-1", "failed": True, "msg": "iam:PassRole is denied"},
        {"item": "i-2"},
        {"item": "i-3", "failed": True, "msg": "iam:PassRole is denied"},
    ]
    rescued = Task("Associate", "instance_profile_association", is_rescued=True)
    heard.play(rescued, 0, "failed", msg="One or more items failed", results=items)
    heard.narrator.finish_play()
    assert "iam:PassRole is denied" in heard.text[-1]
    assert "more items" not in "".join(heard.text)


def test_what_a_module_says_when_it_fails_is_said_in_full_and_whose_it_is(heard: Heard) -> None:
    heard.narrator.play_started(Play("Deploy"))
    task = Task("Create the stack", "amazon.aws.cloudformation")
    heard.narrator.task_started(task)
    result = {"msg": "it broke\nbadly", "rc": 1, "stderr": "Traceback\n  line 1", "failed": True}
    heard.narrator.task_ended(task, "failed", result, "second")
    assert heard.text == [
        *("", "Deploy", "fatal: [second] it broke", "badly"),
        *("rc: 1", "stderr: Traceback", "line 1", "task: Create the stack"),
    ]
    looped = Task("Each", "command")
    items = [{"item": "a", "failed": True, "msg": "no a"}, {"item": "b", "msg": "fine"}]
    heard.narrator.task_ended(looped, "failed", {"msg": "one failed", "results": items})
    assert heard.text[-4:] == ["fatal: one failed", "item: a", "msg: no a", "task: Each"]


def test_a_failure_without_a_message_shows_what_there_is(heard: Heard) -> None:
    heard.play(Task("A", "a"), 0, "failed", failed=True, status_code=7)
    heard.play(Task("B", "b"), 0, "failed", failed=True)
    assert 'fatal: {"status_code": 7}' in heard.text
    assert "fatal: it gave no reason" in heard.text


def test_the_foot_says_what_is_awaited_for_how_long_and_nothing_over_a_question(
    heard: Heard,
) -> None:
    begun(heard)
    heard.narrator.task_started(Task("Wait", "observation", {"state": "awaited", "mark": "steady"}))
    heard.record("awaiting", claims=["it is up", "it is quick"])
    heard.narrator.read_journal()
    heard.now += 4
    first, second, third = heard.narrator.foot("creating Table")
    assert (first.label, first.seconds) == ("steady state", 4.0)
    assert second.text == "waiting until: it is up; it is quick"
    assert third.text == "creating Table"

    heard.narrator.play_started(Play("Preflight"))
    heard.narrator.task_started(Task("Check", "preflight"))
    assert heard.narrator.foot() == []


def test_a_task_that_takes_long_is_mentioned_seldom_where_nothing_is_drawn_again(
    heard: Heard,
) -> None:
    heard.narrator.play_started(Play("Deploy"))
    heard.narrator.task_started(Task("Create the stack", "amazon.aws.cloudformation"))
    for _ in range(1000):
        heard.now += 1
        heard.narrator.mention()
    assert heard.text[2:] == [
        f"Create the stack has taken {seconds} s so far" for seconds in (30, 60, 120, 240, 480, 960)
    ]


@pytest.mark.parametrize(
    ("marks", "standing"),
    [
        ([], ""),
        ([("fault", "break it", "restore it")], "break it"),
        ([("given", "take it away", "give it")], "take it away"),
        ([("fault", "break it", "restore it"), ("repair", None, None)], "break it"),
        ([("fault", "break it", "restore it"), ("restored", None, None)], ""),
        ([("fault", "a new release", "none; it is meant to stay")], ""),
    ],
)
def test_a_fault_stands_until_the_steady_state_is_back(
    heard: Heard, marks: list[tuple[str, str | None, str | None]], standing: str
) -> None:
    begun(heard)
    for mark, mutation, inverse in marks:
        details = {"mutation": mutation, "inverse": inverse} if mutation else {}
        heard.record("mark", mark=mark, **details)
    heard.narrator.read_journal()
    assert heard.narrator.records is not None
    assert heard.narrator.records.standing_fault == standing
    heard.record("started", scenario="recovery")
    heard.record("mark", scenario="recovery", mark="steady")
    heard.narrator.read_journal()
    assert heard.narrator.records.standing_fault == ""


@pytest.mark.parametrize("later", ["rolling-update", "fail-open"])
def test_a_fault_that_was_kept_stands_until_the_next_scenario_has_its_steady_state(
    heard: Heard, later: str
) -> None:
    """With keep_fault=true; each scenario sets all settings before its steady state."""
    begun(heard)
    heard.record("mark", mark="given", mutation="take it away", inverse="give it")
    heard.record("mark", mark="steady")
    assert standing(heard) == "take it away"
    heard.record("mark", mark="fault", mutation="break it", inverse="restore it")
    heard.record("started", scenario=later)
    assert standing(heard) == "break it"
    heard.record("mark", scenario=later, mark="steady")
    assert standing(heard) == ""
    heard.record("mark", scenario=later, mark="fault", mutation="a release", inverse="none; kept")
    assert standing(heard) == ""


def standing(heard: Heard) -> str:
    heard.narrator.read_journal()
    assert heard.narrator.records is not None
    return heard.narrator.records.standing_fault


def test_no_fault_stands_on_a_stack_that_is_deleted(heard: Heard) -> None:
    begun(heard)
    heard.record("mark", mark="fault", mutation="break it")
    heard.narrator.read_journal()
    heard.play(Task("Delete the stack", "stack_state", {"state": "absent"}), outcome="changed")
    assert heard.narrator.records is not None
    assert heard.narrator.records.standing_fault == ""
