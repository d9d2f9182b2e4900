"""When a fault was detected, drained and recovered from, and whom each failed request was for.

All of it until the repair: what that does is no doing of the service's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidence.record.evidence import Evidence
from evidence.record.reply import Reply
from evidence.record.samples import TargetHealthSample
from evidence.record.windows import REPAIR, RESTORED


@dataclass(frozen=True)
class Attribution:
    """A failed request's target and moment.

    `instance` is None when the load balancer had no target to blame, or none could be found.
    `moment` is "no fault", "before the fault", "before eviction", "after eviction", "no eviction"
    (the fault took no target out of rotation) or "after settling".
    """

    instance: str | None
    moment: str


def detected_at(evidence: Evidence, instance: str | None = None) -> float | None:
    """The first sample after the fault in which the instance is not healthy; None when none is.

    An instance that is missing from the targets, or draining, counts: it gets no requests either.
    Without an instance it is the first sample in which any target is unhealthy or unavailable.
    """
    fault = evidence.fault
    if fault is None:
        return None
    return next(
        (
            sample.at
            for sample in evidence.target_health(evidence.windows["all"])
            if sample.at >= fault.at and _is_hit(sample, instance)
        ),
        None,
    )


def recovered_at(evidence: Evidence) -> float | None:
    """The sample since which all targets are healthy; None if none was unhealthy before it.

    Targets that are leaving do not count. One that falls again later begins it all again.
    """
    fault, detected = evidence.fault, detected_at(evidence)
    if fault is None or detected is None:
        return None
    since: float | None = None
    for sample in evidence.target_health(evidence.windows["all"]):
        if sample.at < detected:
            continue
        since = (since or sample.at) if _is_whole(sample) else None
    return since


def drained_at(evidence: Evidence, instance: str) -> float | None:
    """When the instance's last request after the fault was due; None if it got no more at all.

    Only requests until its return to health count: what it gets after a repair is no draining.
    """
    fault, detected = evidence.fault, detected_at(evidence, instance)
    if fault is None or detected is None:
        return None
    returned = next(
        (
            sample.at
            for sample in evidence.target_health(evidence.windows["all"])
            if sample.at > detected and not _is_hit(sample, instance)
        ),
        evidence.windows["all"].end,
    )
    served = [
        reply.scheduled_at
        for reply in evidence.replies
        if reply.instance == instance and fault.at <= reply.scheduled_at < returned
    ]
    return max(served, default=None)


def restore_seconds(evidence: Evidence) -> float | None:
    """From the beginning of the repair to the moment since which the steady state is back."""
    marks = evidence.marked
    if REPAIR not in marks or RESTORED not in marks:
        return None
    return marks[RESTORED].at - marks[REPAIR].at


def attribution(evidence: Evidence) -> Callable[[Reply], Attribution]:
    """A function that says which target a failed request was for, and at what moment.

    The instance that answered is known from the reply. Otherwise, between a fault on one instance
    and its eviction, that instance is the one a request can have failed on.
    """
    fault = evidence.fault
    if fault is None:
        return lambda reply: Attribution(reply.instance, "no fault")
    after = evidence.windows.get("after")
    evicted = detected_at(evidence, fault.instance)

    def attribute(reply: Reply) -> Attribution:
        if reply.completed_at < fault.at:  # one that was due before the fault may have met it
            return Attribution(reply.instance, "before the fault")
        if after is not None and reply.scheduled_at in after:
            return Attribution(reply.instance, "after settling")
        if evicted is None:
            return Attribution(reply.instance, "no eviction")
        if reply.scheduled_at > evicted:
            return Attribution(reply.instance, "after eviction")
        return Attribution(reply.instance or fault.instance, "before eviction")

    return attribute


def _is_hit(sample: TargetHealthSample, instance: str | None) -> bool:
    if instance is None:
        return any(target.state in {"unhealthy", "unavailable"} for target in sample.targets)
    target = sample.of(instance)
    return target is None or target.state != "healthy"


def _is_whole(sample: TargetHealthSample) -> bool:
    """Whether there are targets, and all are healthy; those that are leaving do not count."""
    staying = [target for target in sample.targets if target.state not in {"draining", "unused"}]
    return bool(staying) and all(target.state == "healthy" for target in staying)
