"""Measures of what clients were answered. Each needs at least one reply in its window."""

from __future__ import annotations

from collections.abc import Callable

from evidence.judge import statistics
from evidence.judge.coverage import check_replies, check_samples
from evidence.judge.filters import ALL_REPLIES, Filter
from evidence.judge.measure import NoEvidenceError, Question
from evidence.judge.proportion import Proportion
from evidence.judge.sample_measures import joined_instances
from evidence.record.evidence import Evidence
from evidence.record.reply import Reply
from evidence.record.windows import Window

REPORTING_LAG_SECONDS = 1.0
"""DescribeTargetHealth may report a change this much later than the load balancer acts on it,
unless the claim's `lag_seconds` says how much later."""


def _replies(evidence: Evidence, window: Window, among: Filter) -> list[Reply]:
    check_replies(evidence, window)
    replies = [reply for reply in evidence.replies_in(window) if among.matches(reply)]
    if not replies:
        raise NoEvidenceError("no reply " + (f"with {among} " if among else "") + "was recorded")
    return replies


def matching(evidence: Evidence, window: Window, question: Question) -> Proportion:
    """How many replies match `where`, of all or of those that match `among`."""
    replies = _replies(evidence, window, question.among)
    return Proportion.counted(sum(map(question.where.matches, replies)), len(replies))


def share(evidence: Evidence, window: Window, question: Question) -> list[float]:
    return [matching(evidence, window, question).share]


def count(evidence: Evidence, window: Window, question: Question) -> list[float]:
    return [float(matching(evidence, window, question).matching)]


def held_matching(evidence: Evidence, window: Window, question: Question) -> Proportion:
    """As `matching`, of the held requests."""
    if not evidence.held.replies:
        raise NoEvidenceError("no held request is on record")
    return matching(evidence.of_held_requests(), window, question)


def held_count(evidence: Evidence, window: Window, question: Question) -> list[float]:
    return [float(held_matching(evidence, window, question).matching)]


def smallest_instance_share(evidence: Evidence, window: Window, _: Question) -> list[float]:
    replies = _replies(evidence, window, ALL_REPLIES)
    check_samples(evidence, window, "target_health")
    healthy = {
        target.instance
        for sample in evidence.target_health(window)
        for target in sample.targets
        if target.state == "healthy"
    }
    instances = healthy | {reply.instance for reply in replies if reply.instance}
    if not instances:
        raise NoEvidenceError("no reply named an instance")
    return [
        min(sum(reply.instance == instance for reply in replies) for instance in instances)
        / len(replies)
    ]


def instances_seen(evidence: Evidence, window: Window, question: Question) -> list[float]:
    replies = _replies(evidence, window, question.among)
    return [float(len({reply.instance for reply in replies} - {None}))]


def latency(percent: float) -> Callable[[Evidence, Window, Question], list[float]]:
    def take(evidence: Evidence, window: Window, question: Question) -> list[float]:
        replies = _replies(evidence, window, question.among)
        return [statistics.percentile([reply.latency_ms for reply in replies], percent)]

    return take


def replies_before_healthy(evidence: Evidence, window: Window, question: Question) -> list[float]:
    """A reply counts when it was complete before a sample that still shows its target not healthy.

    Only instances that joined after the observation began are meant, also those that left again.
    """
    lag = REPORTING_LAG_SECONDS if question.lag_seconds is None else question.lag_seconds
    replies = _replies(evidence, window, ALL_REPLIES)
    check_samples(evidence, window, "target_health")
    joined = joined_instances(evidence, window)
    if not joined:
        raise NoEvidenceError("no new instance joined the group")
    if not any(reply.instance for reply in replies):
        raise NoEvidenceError("no reply named an instance")
    too_early = 0
    for instance in joined:
        last_seen_not_healthy = _last_before_healthy(evidence, instance)
        too_early += sum(
            reply.instance == instance and reply.completed_at < last_seen_not_healthy - lag
            for reply in replies
        )
    return [float(too_early)]


def _last_before_healthy(evidence: Evidence, instance: str) -> float:
    last = evidence.started_at
    for sample in evidence.target_health():
        target = sample.of(instance)
        if target is not None and target.state == "healthy":
            return last
        last = sample.at
    return last
