"""How a claim is written, and when it holds."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from story import Story

from evidence.claims import ClaimError, Verdict, judge, parse_claims, passed
from evidence.judge.measures import MEASURES

DOCUMENTATION = Path(__file__).parents[2] / "docs/claims.md"
REAL = {"claim": "all real", "measure": "share", "where": {"kind": "real"}, "is": 1}


def verdict_on(evidence: Any, **claim: Any) -> Verdict:
    [parsed] = parse_claims([{"claim": "so it is", **claim}])
    return judge(parsed, evidence)


def outcome(evidence: Any, **claim: Any) -> str:
    return verdict_on(evidence, **claim).outcome


@pytest.mark.parametrize(
    ("claim", "complaint"),
    [
        ({"measure": "share"}, "needs its sentence"),
        ({**REAL, "claim": " "}, "needs its sentence"),
        ({**REAL, "measure": "shares"}, r"unknown measure 'shares' \(valid: .*\bshare\b"),
        ({**REAL, "when": "after"}, r"unknown when \(valid: claim, measure"),
        ({**REAL, "instance": "i-1"}, r"share takes no instance \(it takes: where, among\)"),
        ({**REAL, "during": "later"}, r"unknown time 'later' \(valid: all, before"),
        ({**REAL, "during": ["before", "later"]}, r"unknown time 'later' \(valid: all, before"),
        ({**REAL, "during": []}, r"unknown time \[\] \(valid: all, before"),
        ({**REAL, "where": {"colour": "red"}}, r"unknown field 'colour' \(valid: kind, status"),
        ({**REAL, "where": {"kind": {"in": "x"}}}, "only {not: …} is known"),
        ({**REAL, "where": {"kind": []}}, "kind has no value"),
        ({**REAL, "where": {"instance": ""}}, "instance has no value"),
        ({**REAL, "where": "kind"}, "a filter is a mapping"),
        ({**REAL, "where": {"kind": "eror"}}, r"unknown kind 'eror' \(valid: real, static, error"),
        ({**REAL, "among": {"kind": {"not": ["real", "eror"]}}}, "unknown kind 'eror'"),
        ({**REAL, "where": {"status": "5xx"}}, r"unknown status '5xx' \(valid: 100 to 599, None"),
        ({**REAL, "where": {"status": [200, 600]}}, "unknown status '600'"),
        ({**REAL, "where": {"status": True}}, "unknown status 'True'"),
        (
            {**REAL, "where": {"error": "time-out"}},
            r"unknown error 'time-out' \(valid: refused, .*",
        ),
        ({**REAL, "where": {"error": {"not": "5xx"}}}, "unknown error '5xx'"),
        ({"claim": "c", "measure": "share", "is": 1}, "share needs where"),
        ({"claim": "c", "measure": "healthy_targets"}, "needs a bound"),
        ({**REAL, "at_most": 1}, "needs a bound"),
        ({**REAL, "is": "most"}, "bound must be a number"),
        ({**REAL, "is": math.nan}, "bound must be a number"),
        ({**REAL, "is": 10**400}, "bound must be a number"),
        ({"claim": "c", "measure": "seconds_to_recover", "at_most": math.inf}, "must be a number"),
        (
            {"claim": "c", "measure": "target_state", "instance": "i", "at_most": "x"},
            "is text; its bound is `is`",
        ),
    ],
)
def test_a_claim_that_is_written_wrongly_says_how(claim: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ClaimError, match=complaint):
        parse_claims([claim])


@pytest.mark.parametrize(
    "written",
    [
        {**REAL, "during": ["before", "after"]},
        {
            "claim": "few fail",
            "measure": "share",
            "where": {"error": ["502", "503"], "instance": {"not": ["i-a", "i-b"]}},
            "among": {"status": {"not": "200"}},
            "during": ["all"],
            "at_least": 0.1,
            "at_most": 0.2,
        },
        {
            "claim": "it drains",
            "measure": "target_state",
            "instance": "i-a",
            "during": ["after"],
            "is": "draining",
        },
    ],
)
def test_a_verdict_carries_its_claim_as_it_was_written(written: dict[str, Any]) -> None:
    given = {"during": ["all"], **written}
    [claim] = parse_claims([given])
    definition = judge(claim, Story().told()).definition
    assert {"claim": given["claim"], **definition} == given
    assert parse_claims([{"claim": given["claim"], **definition}]) == [claim]


def test_no_claims_and_claims_that_are_there_twice_are_refused() -> None:
    with pytest.raises(ClaimError, match="no claims"):
        parse_claims([])
    with pytest.raises(ClaimError, match="there twice"):
        parse_claims([REAL, {**REAL, "during": "after"}])


def test_a_control_without_a_claim_that_must_fail_is_refused() -> None:
    with pytest.raises(ClaimError, match="must_fail_in_control"):
        parse_claims([REAL], negative_control=True)
    assert parse_claims([{**REAL, "must_fail_in_control": True}], negative_control=True)


@pytest.mark.parametrize(
    ("during", "needed"),
    [
        ("before", "fault"),
        ("during", "fault, settled"),
        ("after", "settled"),
        ("restored", "restored"),
        (["after", "all"], "settled"),
    ],
)
def test_a_time_that_never_came_has_no_evidence(during: Any, needed: str) -> None:
    verdict = verdict_on(Story().traffic(0, 5, ["i-a"]).told(), **{**REAL, "during": during})
    assert (verdict.outcome, verdict.seen) == ("unjudged", f"never marked: {needed}")


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_without_evidence_no_claim_ever_holds(name: str) -> None:
    measure = MEASURES[name]
    options = {"where": {"kind": "error"}, "instance": "i-a"}
    claim = {option: options[option] for option in measure.required}
    bounds = [{"is": "healthy"}] if measure.is_text else [{"is": 0}, {"at_most": 9}]
    for bound in bounds:
        assert outcome(Story(fault=10, settled=20).told(), measure=name, **claim, **bound) == (
            "unjudged"
        )


@pytest.mark.parametrize(
    ("where", "among", "share"),
    [
        ({"kind": "real"}, {}, 0.5),
        ({"kind": ["real", "static"]}, {}, 0.75),
        ({"kind": {"not": "error"}}, {}, 0.75),
        ({"kind": "static"}, {"instance": "i-b"}, 1),
        ({"kind": "real"}, {"instance": {"not": "i-b"}}, 2 / 3),
        ({"status": 200}, {}, 0.75),
        ({"status": "200", "kind": "static"}, {}, 0.25),
        ({"instance": "i-c"}, {}, 0),
        ({"error": ["502", "timeout"]}, {}, 0.25),
        ({"error": "None"}, {}, 0.75),
        ({"status": "None"}, {}, 0),
    ],
)
def test_share(where: Any, among: Any, share: float) -> None:
    tale = Story(end=4).traffic(0, 2, ["i-a"])
    tale.reply(2, "static", instance="i-b").reply(3, "error")
    claim = {"measure": "share", "where": where, "among": among}
    assert outcome(tale.told(), **claim, **{"is": share}) == "held"
    assert outcome(tale.told(), **claim, **{"is": share + 0.01}) == "refuted"


def test_a_share_over_nobody_is_not_judged() -> None:
    verdict = verdict_on(
        Story(end=2).traffic(0, 2, ["i-a"]).told(),
        **{**REAL, "among": {"instance": "i-z"}, "is": 0},
    )
    assert (verdict.outcome, verdict.seen) == (
        "unjudged",
        "no reply with instance=i-z was recorded",
    )


def test_a_sampled_bound_must_hold_in_every_sample() -> None:
    tale = Story(end=10).health(0, 9, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(9, 10, {"i-a": "healthy", "i-b": "unhealthy"})
    verdict = verdict_on(tale.told(), measure="healthy_targets", at_least=2)
    assert (verdict.outcome, verdict.seen) == ("refuted", "1 in 1 of 10 samples")
    assert outcome(tale.told(), measure="healthy_targets", at_least=1, at_most=2) == "held"
    assert outcome(tale.told(), measure="unhealthy_targets", at_most=0) == "refuted"


def test_a_target_that_is_not_there_has_no_healthy_state() -> None:
    tale = Story(end=3).health(0, 3, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout")
    told = tale.told()
    for instance, state, reason in (
        ("i-a", "healthy", "None"),
        ("i-b", "unhealthy", "Target.Timeout"),
        ("i-c", "not registered", "not registered"),
    ):
        assert outcome(told, measure="target_state", instance=instance, **{"is": state}) == "held"
        assert outcome(told, measure="target_reason", instance=instance, **{"is": reason}) == "held"


def test_an_instance_that_serves_nothing_has_the_smallest_share() -> None:
    tale = Story(end=10).traffic(0, 10, ["i-a", "i-b"])
    claim = {"measure": "smallest_instance_share", "at_least": 0.5}
    assert outcome(tale.told(), **claim) == "unjudged", "who is healthy is not known"
    assert outcome(tale.health(0, 9, {"i-c": "unhealthy"}).told(), **claim) == "held"
    assert outcome(tale.health(9, 10, {"i-c": "healthy"}).told(), **claim) == "refuted"


def test_zones_are_counted_for_healthy_targets_only() -> None:
    tale = Story(end=3).group(0, 3, dict.fromkeys(("i-a", "i-b", "i-c"), "InService"))
    tale.health(0, 3, {"i-a": "healthy", "i-b": "healthy", "i-c": "draining"})
    assert outcome(tale.told(), measure="healthy_zones", **{"is": 2}) == "held"


def test_instances_that_replied_are_counted_once_each() -> None:
    tale = Story(end=5).traffic(0, 5, ["i-a", "i-b"]).reply(3, "error")
    assert outcome(tale.told(), measure="instances_seen", **{"is": 2}) == "held"
    among = {"instance": {"not": "i-b"}}
    assert outcome(tale.told(), measure="instances_seen", among=among, **{"is": 1}) == "held"


def test_latency() -> None:
    tale = Story(end=10)
    for second in range(100):
        tale.reply(second / 10, latency_ms=float(second + 1))
    for percent in (50, 95, 99):
        claim = {"measure": f"latency_p{percent}_ms"}
        assert outcome(tale.told(), **claim, at_most=percent) == "held"
        assert outcome(tale.told(), **claim, at_most=percent - 1) == "refuted"


def test_a_reply_before_its_instance_was_healthy_is_found() -> None:
    tale = Story(fault=10)
    tale.group(0, 10, {"i-a": "InService"}).group(10, 30, {"i-a": "InService", "i-n": "InService"})
    tale.health(0, 20, {"i-a": "healthy", "i-n": "initial"})
    tale.health(20, 30, {"i-a": "healthy", "i-n": "healthy"})
    tale.traffic(0, 30, ["i-a"]).traffic(21, 30, ["i-n"])
    claim = {"measure": "replies_before_healthy", "is": 0}
    assert outcome(tale.told(), **claim) == "held"
    assert outcome(tale.reply(19.5, instance="i-n").told(), **claim) == "held"  # within the lag
    assert outcome(tale.reply(17.5, instance="i-n").told(), **claim) == "refuted"
    assert outcome(tale.told(), **claim, lag_seconds=5) == "held"
    assert outcome(tale.told(), **claim, lag_seconds=0) == "refuted"


def test_a_new_instance_that_left_again_is_meant_too() -> None:
    tale = Story(fault=10).traffic(0, 30, ["i-a"])
    tale.group(0, 10, {"i-a": "InService"}).group(10, 20, {"i-a": "InService", "i-c": "Pending"})
    tale.group(20, 30, {"i-a": "InService", "i-c": "Terminating", "i-d": "InService"})
    tale.health(0, 10, {"i-a": "healthy"}).health(10, 20, {"i-a": "healthy", "i-c": "initial"})
    tale.health(20, 30, {"i-a": "healthy", "i-d": "healthy"})
    claim = {"measure": "replies_before_healthy", "is": 0}
    assert outcome(tale.traffic(22, 30, ["i-d"]).told(), **claim) == "held"
    for tenth in range(80):
        tale.reply(11 + tenth / 10, "error", instance="i-c")
    verdict = verdict_on(tale.told(), **claim)
    assert (verdict.outcome, verdict.seen) == ("refuted", "80")
    assert outcome(tale.told(), measure="new_instances", **{"is": 1}) == "held"


def test_replies_that_name_nobody_are_not_from_an_old_instance() -> None:
    tale = Story().group(0, 10, {"i-a": "InService"})
    tale.group(10, 30, {"i-a": "InService", "i-n": "InService"})
    tale.health(0, 30, {"i-a": "healthy", "i-n": "initial"}).traffic(0, 30, [None])
    verdict = verdict_on(tale.told(), measure="replies_before_healthy", **{"is": 0})
    assert (verdict.outcome, verdict.seen) == ("unjudged", "no reply named an instance")


def test_without_a_new_instance_there_is_nothing_to_judge() -> None:
    tale = Story().group(0, 30, {"i-a": "InService"}).traffic(0, 30, ["i-a"])
    assert outcome(tale.told(), measure="replies_before_healthy", **{"is": 0}) == "unjudged"


def test_instances_that_stayed_and_that_came() -> None:
    tale = Story(end=20).group(0, 10, {"i-a": "InService", "i-b": "InService"})
    tale.group(10, 20, {"i-a": "Terminating", "i-b": "InService", "i-c": "Pending"})
    for claim, number in (
        ({"measure": "surviving_instances"}, 1),
        ({"measure": "surviving_instances", "instance": "i-a"}, 0),
        ({"measure": "surviving_instances", "instance": "i-b"}, 1),
        ({"measure": "new_instances"}, 1),
    ):
        assert outcome(tale.told(), **claim, **{"is": number}) == "held"
    stranger = {"measure": "surviving_instances", "instance": "i-z", "is": 0}
    assert outcome(tale.told(), **stranger) == "unjudged"
    assert outcome(tale.told(), measure="in_service_instances", at_least=1) == "held"
    assert outcome(tale.told(), measure="in_service_instances", at_least=2) == "refuted"


def test_times_count_from_the_fault() -> None:
    tale = Story(fault=10, fault_on="i-b").traffic(0, 30, ["i-a"]).traffic(0, 12, ["i-b"])
    tale.traffic(25, 30, ["i-b"])
    tale.health(0, 13, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(13, 25, {"i-a": "healthy", "i-b": "unhealthy"})
    tale.health(25, 30, {"i-a": "healthy", "i-b": "healthy"})
    for measure, options, seconds in (
        ("seconds_to_detect", {"instance": "i-b"}, 3),
        ("seconds_to_detect", {}, 3),
        ("seconds_to_drain", {"instance": "i-b"}, 1),
        ("seconds_to_recover", {}, 15),
    ):
        told = tale.told()
        assert outcome(told, measure=measure, **options, at_most=seconds) == "held"
        assert outcome(told, measure=measure, **options, at_most=seconds - 0.1) == "refuted"


DRAINED = {"measure": "seconds_to_drain", "instance": "i-b", "at_most": 5}


def drained() -> Any:
    """A fault on i-b at 10; it is unhealthy from 12 on, and nothing more is sent to it."""
    tale = Story(fault=10, fault_on="i-b")
    tale.health(0, 12, {"i-a": "healthy", "i-b": "healthy"})
    return tale.health(12, 30, {"i-a": "healthy", "i-b": "unhealthy"})


def test_an_instance_that_gets_no_more_requests_is_drained_at_once() -> None:
    tale = drained().traffic(0, 30, ["i-a"]).traffic(0, 10, ["i-b"])
    verdict = verdict_on(tale.told(), **DRAINED)
    assert (verdict.outcome, verdict.seen) == ("held", "0 s")


@pytest.mark.parametrize(
    ("replying", "seen"),
    [
        ([], "no request is on record for 30.0 s of 30.0 s"),
        (["i-a"], "i-b gave no reply before the fault"),
        ([None], "i-b gave no reply before the fault"),
    ],
)
def test_only_an_instance_that_replied_before_the_fault_can_drain(
    replying: list[Any], seen: str
) -> None:
    verdict = verdict_on(drained().traffic(0, 30, replying).told(), **DRAINED)
    assert verdict.outcome == "unjudged"
    assert verdict.seen.startswith(seen)


def test_a_gap_in_requests_or_samples_leaves_draining_unjudged() -> None:
    tale = Story(fault=10, fault_on="i-b").traffic(0, 10, ["i-b"]).traffic(0, 30, ["i-a"])
    tale.health(0, 12, {"i-b": "healthy"}).health(12, 13, {"i-b": "unhealthy"})
    assert verdict_on(tale.told(), **DRAINED).seen.startswith("target health was not sampled")
    whole = tale.health(13, 30, {"i-b": "unhealthy"}).told()
    assert outcome(whole, **DRAINED) == "held"
    assert "it never sent 5 of" in verdict_on(replace(whole, missed=5), **DRAINED).seen
    few = tuple(reply for reply in whole.replies if not 13 <= reply.scheduled_at < 20)
    assert "no request is on record" in verdict_on(replace(whole, replies=few), **DRAINED).seen


def test_what_never_happened_is_in_no_bound() -> None:
    tale = Story(fault=10).traffic(0, 30, ["i-a"]).health(0, 30, {"i-a": "healthy"})
    for claim in (
        {"measure": "seconds_to_detect"},
        {"measure": "seconds_to_drain", "instance": "i-a"},
        {"measure": "seconds_to_recover"},
    ):
        for bound in ({"at_most": 1e9}, {"at_least": 5}):
            verdict = verdict_on(tale.told(), **claim, **bound)
            assert (verdict.outcome, verdict.seen) == ("refuted", "never")


@pytest.mark.parametrize(
    ("outcomes", "negative_control", "result"),
    [
        (["held", "held"], False, True),
        (["held", "refuted"], False, False),
        (["held", "unjudged"], False, False),
        (["refuted", "refuted"], True, True),
        (["refuted", "held"], True, False),
        (["refuted", "unjudged"], True, False),
        ([], True, False),
    ],
)
def test_when_a_run_passes(outcomes: list[Any], negative_control: bool, result: bool) -> None:
    verdicts = [
        Verdict(f"claim {number}", "e", "s", each, must_fail_in_control=True)
        for number, each in enumerate(outcomes)
    ]
    assert passed(verdicts, negative_control) is result


def test_claims_that_need_not_fail_do_not_decide_a_control() -> None:
    must = Verdict("a", "e", "s", "refuted", must_fail_in_control=True)
    assert passed([must, Verdict("b", "e", "s", "held")], negative_control=True)


def test_every_measure_is_documented() -> None:
    rows = [line for line in DOCUMENTATION.read_text().splitlines() if line.startswith("| `")]
    documented = {row.split("`")[1]: row for row in rows}
    assert set(documented) == set(MEASURES)
    for name, measure in MEASURES.items():
        assert measure.meaning in documented[name]
        assert all(f"**{option}**" in documented[name] for option in measure.required)


def test_a_claim_about_several_times_is_measured_in_each() -> None:
    tale = Story(fault=10, settled=20).traffic(0, 10, ["i-a"], latency_ms=3.0)
    tale.traffic(10, 20, ["i-a"], latency_ms=300.0).traffic(20, 30, ["i-a"], latency_ms=9.0)
    claim = {"measure": "latency_max_ms", "during": ["before", "during", "after"]}
    held = verdict_on(tale.told(), **claim, at_most=300)
    assert (held.outcome, held.seen) == ("held", "3 ms to 300 ms")
    refuted = verdict_on(tale.told(), **claim, at_most=8)
    assert (refuted.outcome, refuted.seen) == ("refuted", "during: 300 ms; after: 9 ms")
    assert refuted.expected == "latency_max_ms (before, during, after) at most 8 ms"


def test_replies_of_several_times_are_counted_together() -> None:
    tale = Story(fault=10, settled=20).traffic(0, 30, ["i-a"])
    verdict = verdict_on(tale.told(), **{**REAL, "during": ["before", "after"]})
    assert verdict.outcome == "held"
    assert (verdict.proportion.matching, verdict.proportion.of) == (20, 20)


def test_a_reply_of_overlapping_times_is_counted_once() -> None:
    tale = Story(fault=10, settled=20).traffic(0, 30, ["i-a"])
    for during in (["all", "after"], ["before", "all", "during"]):
        verdict = verdict_on(tale.told(), **{**REAL, "during": during})
        assert (verdict.proportion.matching, verdict.proportion.of) == (30, 30)


@pytest.mark.parametrize(("restored", "outcome_"), [(24, "held"), (None, "refuted")])
def test_restoring_is_in_time_when_it_comes_at_all(restored: float | None, outcome_: str) -> None:
    tale = Story(fault=10, settled=20, repair=22, restored=restored)
    assert outcome(tale.told(), measure="seconds_to_restore", at_most=2) == outcome_
    assert outcome(Story(fault=10).told(), measure="seconds_to_restore", at_most=2) == "unjudged"
