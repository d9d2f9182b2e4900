"""What is measured of what clients were answered."""

from typing import Any

import pytest
from judged import outcome, verdict_on
from story import Story


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
    assert outcome(tale.evidence(), **claim, **{"is": share}) == "held"
    assert outcome(tale.evidence(), **claim, **{"is": share + 0.01}) == "refuted"


def test_a_share_over_nobody_is_not_judged() -> None:
    verdict = verdict_on(
        Story(end=2).traffic(0, 2, ["i-a"]).evidence(),
        measure="share",
        where={"kind": "real"},
        among={"instance": "i-z"},
        **{"is": 0},
    )
    assert (verdict.outcome, verdict.seen) == (
        "unjudged",
        "no reply with instance=i-z was recorded",
    )


def test_an_instance_that_serves_nothing_has_the_smallest_share() -> None:
    tale = Story(end=10).traffic(0, 10, ["i-a", "i-b"])
    claim = {"measure": "smallest_instance_share", "at_least": 0.5}
    assert outcome(tale.evidence(), **claim) == "unjudged", "who is healthy is not known"
    assert outcome(tale.health(0, 9, {"i-c": "unhealthy"}).evidence(), **claim) == "held"
    assert outcome(tale.health(9, 10, {"i-c": "healthy"}).evidence(), **claim) == "refuted"


def test_instances_that_replied_are_counted_once_each() -> None:
    tale = Story(end=5).traffic(0, 5, ["i-a", "i-b"]).reply(3, "error")
    assert outcome(tale.evidence(), measure="instances_seen", **{"is": 2}) == "held"
    among = {"instance": {"not": "i-b"}}
    assert outcome(tale.evidence(), measure="instances_seen", among=among, **{"is": 1}) == "held"


def test_latency() -> None:
    tale = Story(end=10)
    for second in range(100):
        tale.reply(second / 10, latency_ms=float(second + 1))
    for percent in (50, 95, 99):
        claim = {"measure": f"latency_p{percent}_ms"}
        assert outcome(tale.evidence(), **claim, at_most=percent) == "held"
        assert outcome(tale.evidence(), **claim, at_most=percent - 1) == "refuted"


def test_a_reply_before_its_instance_was_healthy_is_found() -> None:
    tale = Story(fault=10)
    tale.group(0, 10, {"i-a": "InService"}).group(10, 30, {"i-a": "InService", "i-n": "InService"})
    tale.health(0, 20, {"i-a": "healthy", "i-n": "initial"})
    tale.health(20, 30, {"i-a": "healthy", "i-n": "healthy"})
    tale.traffic(0, 30, ["i-a"]).traffic(21, 30, ["i-n"])
    claim = {"measure": "replies_before_healthy", "is": 0}
    assert outcome(tale.evidence(), **claim) == "held"
    assert outcome(tale.reply(19.5, instance="i-n").evidence(), **claim) == "held"  # within the lag
    assert outcome(tale.reply(17.5, instance="i-n").evidence(), **claim) == "refuted"
    assert outcome(tale.evidence(), **claim, lag_seconds=5) == "held"
    assert outcome(tale.evidence(), **claim, lag_seconds=0) == "refuted"


def test_a_new_instance_that_left_again_is_meant_too() -> None:
    tale = Story(fault=10).traffic(0, 30, ["i-a"])
    tale.group(0, 10, {"i-a": "InService"}).group(10, 20, {"i-a": "InService", "i-c": "Pending"})
    tale.group(20, 30, {"i-a": "InService", "i-c": "Terminating", "i-d": "InService"})
    tale.health(0, 10, {"i-a": "healthy"}).health(10, 20, {"i-a": "healthy", "i-c": "initial"})
    tale.health(20, 30, {"i-a": "healthy", "i-d": "healthy"})
    claim = {"measure": "replies_before_healthy", "is": 0}
    assert outcome(tale.traffic(22, 30, ["i-d"]).evidence(), **claim) == "held"
    for tenth in range(80):
        tale.reply(11 + tenth / 10, "error", instance="i-c")
    verdict = verdict_on(tale.evidence(), **claim)
    assert (verdict.outcome, verdict.seen) == ("refuted", "80")
    assert outcome(tale.evidence(), measure="new_instances", **{"is": 1}) == "held"


def test_replies_that_name_nobody_are_not_from_an_old_instance() -> None:
    tale = Story().group(0, 10, {"i-a": "InService"})
    tale.group(10, 30, {"i-a": "InService", "i-n": "InService"})
    tale.health(0, 30, {"i-a": "healthy", "i-n": "initial"}).traffic(0, 30, [None])
    verdict = verdict_on(tale.evidence(), measure="replies_before_healthy", **{"is": 0})
    assert (verdict.outcome, verdict.seen) == ("unjudged", "no reply named an instance")


def test_without_a_new_instance_there_is_nothing_to_judge() -> None:
    tale = Story().group(0, 30, {"i-a": "InService"}).traffic(0, 30, ["i-a"])
    assert outcome(tale.evidence(), measure="replies_before_healthy", **{"is": 0}) == "unjudged"
