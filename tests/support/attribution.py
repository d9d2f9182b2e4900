"""Whether the fault on one target explains every failed request. Pure.

Three witnesses, none of which knows of the others: the prober (when, and what came back), the log
of the load balancer's health checks (when the target was out of rotation), and its counters (to
which target each failed request had gone).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from health_log import Check
from live_service import Sent

from evidence.evidence import Evidence
from evidence.records import Reply

PROPAGATION_SECONDS = 0.1
"""From the load balancer's decision to its last worker, and between two clocks' readings."""


_NEVER = float("inf")


def failed_requests(evidence: Evidence) -> list[Reply]:
    return [reply for reply in evidence.replies if reply.kind == "error"]


def whole_again_at(evidence: Evidence, instance: str) -> float:
    """Since when the instance answers, every target is healthy and no request fails. Infinity when
    that has not come."""
    fault = evidence.fault
    assert fault is not None
    answered = [reply.completed_at for reply in _answers_after(evidence, instance, fault.at)]
    failed = [reply.completed_at for reply in failed_requests(evidence)]
    health = [sample for sample in evidence.target_health() if sample.at >= fault.at]
    unhealthy = [sample.at for sample in health if sample.count("healthy") < len(sample.targets)]
    healthy = [sample.at for sample in health if sample.at > max(unhealthy, default=0)]
    return max(min(answered, default=_NEVER), min(healthy, default=_NEVER), *failed, fault.at)


def _answers_after(evidence: Evidence, instance: str, moment: float) -> list[Reply]:
    return [
        reply
        for reply in evidence.replies
        if reply.instance == instance and reply.scheduled_at > moment
    ]


def explained_until(evidence: Evidence, instance: str, checks: Sequence[Check]) -> float:
    """Until when a request may be sent to the hit target: it is out, or it has answered again."""
    fault = evidence.fault
    assert fault is not None
    out = [
        check.at
        for check in checks
        if check.kind == "out" and check.instance == instance and check.at >= fault.at
    ]
    answered = [reply.completed_at for reply in _answers_after(evidence, instance, fault.at)]
    return min([*out, *answered], default=_NEVER) + PROPAGATION_SECONDS


def unexplained(
    evidence: Evidence, instance: str, checks: Sequence[Check], sent: Mapping[str, Sent]
) -> list[str]:
    """Each failed request, and each count, that the fault on `instance` does not explain."""
    fault = evidence.fault
    assert fault is not None
    until = explained_until(evidence, instance, checks)
    failed = failed_requests(evidence)
    found = []
    for reply in failed:
        moment = f"{reply.scheduled_at - fault.at:+.3f} s"
        what = f"{reply.error} at {moment}"
        if reply.instance not in (None, instance):
            found.append(f"{what}: answered by {reply.instance}, which was not hit")
        elif reply.completed_at < fault.at:
            found.append(f"{what}: before the fault")
        elif reply.scheduled_at + reply.late_ms / 1000 > until:
            found.append(f"{what}: {instance} was out, or back, since {until - fault.at:+.3f} s")
    for other, counted in sent.items():
        if other != instance and (counted.failed or counted.succeeded != counted.requests):
            found.append(f"the load balancer counts failures of {other}: {counted}")
    lost = sent[instance].requests - sent[instance].succeeded
    counted_failures = max(sent[instance].failed, lost)
    # A reply that breaks off after its first bytes has succeeded, for the load balancer.
    on_its_way = sum(reply.scheduled_at < fault.at for reply in failed)
    if not counted_failures <= len(failed) <= counted_failures + on_its_way:
        errors = dict(Counter(reply.error for reply in failed))
        found.append(f"{len(failed)} requests failed {errors}, of {instance} {sent[instance]}")
    return found
