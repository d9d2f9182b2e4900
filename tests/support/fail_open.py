"""Whether traffic followed the health checks exactly, and these their thresholds. Pure.

Requests go to healthy targets only while there is one, and to all when there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attribution import PROPAGATION_SECONDS
from health_log import Check

from evidence.judge.reply_measures import REPORTING_LAG_SECONDS
from evidence.records import Reply, TargetHealthSample

_ROUNDING_SECONDS = 0.1


@dataclass(frozen=True)
class Period:
    """From one change of the healthy targets to the next."""

    start: float
    end: float
    healthy: frozenset[str]

    def overlaps(self, start: float, end: float) -> bool:
        return self.start <= end and start < self.end

    def contains(self, start: float, end: float) -> bool:
        return self.start <= start and end < self.end


def periods(checks: Iterable[Check], targets: Iterable[str]) -> list[Period]:
    """All targets are healthy before the first check."""
    healthy, start = frozenset(targets), float("-inf")
    found = []
    for check in checks:
        if check.kind != "failed":
            found.append(Period(start, check.at, healthy))
            start = check.at
            change = {check.instance}
            healthy = healthy | change if check.kind == "in" else healthy - change
    return [*found, Period(start, float("inf"), healthy)]


def misrouted(replies: Iterable[Reply], timeline: Sequence[Period]) -> list[Reply]:
    """Replies from a target that was out while another one was in, or from none."""
    return [
        reply
        for reply in replies
        if not any(
            not period.healthy or reply.instance in period.healthy
            for period in timeline
            if period.overlaps(*_interval(reply))
        )
        or reply.instance is None
    ]


def served_in_fail_open(replies: Sequence[Reply], timeline: Sequence[Period]) -> list[Counter[str]]:
    """For each period without a healthy target, how many replies each instance gave within it."""
    return [
        Counter(reply.instance or "none" for reply in replies if period.contains(*_interval(reply)))
        for period in timeline
        if not period.healthy
    ]


def not_at_threshold(
    checks: Sequence[Check], unhealthy: int, healthy: int, interval_seconds: float
) -> list[str]:
    """Each target that was taken out, or back in, after another number of checks in a row."""
    found = []
    for instance in {check.instance for check in checks}:
        own = [check for check in checks if check.instance == instance]
        failed = [check.at for check in own if check.kind == "failed"]
        out = [check.at for check in own if check.kind == "out"]
        back = [check.at for check in own if check.kind == "in"]
        runs = _runs(failed, back, interval_seconds)
        expected = [run[unhealthy - 1] for run in runs if len(run) >= unhealthy]
        if len(out) != len(expected) or any(
            abs(seen - due) > _ROUNDING_SECONDS for seen, due in zip(out, expected, strict=True)
        ):
            found.append(f"{instance}: out at {out}, due at {expected}")
        for moment in back:
            passed = moment - max(at for at in failed if at < moment)
            if not -_ROUNDING_SECONDS <= passed - healthy * interval_seconds < interval_seconds:
                found.append(f"{instance}: back {passed:.2f} s after its last failed check")
    return found


def misreported(samples: Iterable[TargetHealthSample], timeline: Sequence[Period]) -> list[str]:
    """Samples of DescribeTargetHealth that show what was not so within the lag it may have."""
    found = []
    for sample in samples:
        shown = {target.instance for target in sample.targets if target.state == "healthy"}
        between = (sample.at - REPORTING_LAG_SECONDS, sample.at + PROPAGATION_SECONDS)
        possible = [set(period.healthy) for period in timeline if period.overlaps(*between)]
        if shown not in possible:
            found.append(f"at {sample.at:.2f} {sorted(shown)} of {possible}")
    return found


def _interval(reply: Reply) -> tuple[float, float]:
    """When it was with the load balancer, and a moment on both sides."""
    sent_at = reply.scheduled_at + reply.late_ms / 1000
    return sent_at - PROPAGATION_SECONDS, reply.completed_at + PROPAGATION_SECONDS


def _runs(failed: list[float], back: list[float], interval_seconds: float) -> list[list[float]]:
    """Failed checks in a row; where one has passed between, two intervals have gone by."""
    longest = 2 * interval_seconds - _ROUNDING_SECONDS
    runs: list[list[float]] = []
    for at in failed:
        last = runs[-1][-1] if runs else float("-inf")
        if at - last > longest or any(last < moment < at for moment in back):
            runs.append([at])
        else:
            runs[-1].append(at)
    return runs
