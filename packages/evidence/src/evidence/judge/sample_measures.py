"""Measures of AWS's view: target health and the Auto Scaling group, one value for each sample."""

from __future__ import annotations

import math
from collections.abc import Callable

from evidence.judge.coverage import check_replies, check_samples
from evidence.judge.measure import NoEvidenceError, Question
from evidence.judge.transitions import detected_at, drained_at, recovered_at, restore_seconds
from evidence.record.evidence import Evidence, Mark
from evidence.record.samples import GroupSample, TargetHealthSample
from evidence.record.windows import REPAIR, Window


def _health_samples(evidence: Evidence, window: Window) -> list[TargetHealthSample]:
    check_samples(evidence, window, "target_health")
    return [each for each in evidence.target_health(window) if each.load_balancer_error is None]


def targets_in(state: str) -> Callable[[Evidence, Window, Question], list[float]]:
    def take(evidence: Evidence, window: Window, _: Question) -> list[float]:
        return [float(sample.count(state)) for sample in _health_samples(evidence, window)]

    return take


def healthy_availability_zones(evidence: Evidence, window: Window, _: Question) -> list[float]:
    """Zones are those of the Auto Scaling group: DescribeTargetHealth names none for instances."""
    zones = {
        instance.instance: instance.availability_zone
        for sample in evidence.group()
        for instance in sample.instances
    }
    return [
        float(
            len(
                {zones.get(row.instance) for row in sample.targets if row.state == "healthy"}
                - {None}
            )
        )
        for sample in _health_samples(evidence, window)
    ]


def target_text(field: str) -> Callable[[Evidence, Window, Question], list[str]]:
    def take(evidence: Evidence, window: Window, question: Question) -> list[str]:
        rows = [sample.of(question.instance or "") for sample in _health_samples(evidence, window)]
        return ["not registered" if row is None else str(getattr(row, field)) for row in rows]

    return take


def _group_samples(evidence: Evidence, window: Window) -> list[GroupSample]:
    check_samples(evidence, window, "group")
    return evidence.group(window)


def in_service(evidence: Evidence, window: Window, _: Question) -> list[float]:
    return [float(sample.in_service) for sample in _group_samples(evidence, window)]


def _first_group(evidence: Evidence) -> GroupSample:
    return _group_samples(evidence, evidence.windows["all"])[0]


def joined_instances(evidence: Evidence, window: Window) -> frozenset[str]:
    """Instances that were ever in the group in the window, and not when the observation began.

    One that left again counts: it may have been sent requests meanwhile.
    """
    first = _first_group(evidence)
    samples = [first, *_group_samples(evidence, window)]
    old, *later = [frozenset(each.instance for each in sample.instances) for sample in samples]
    return frozenset().union(*later) - old


def surviving(evidence: Evidence, window: Window, question: Question) -> list[float]:
    first = _first_group(evidence)
    stayed = first.present & _group_samples(evidence, window)[-1].present
    if question.instance is not None:
        if question.instance not in first.present:
            raise NoEvidenceError(f"{question.instance} was not in the group at the start")
        stayed &= {question.instance}
    return [float(len(stayed))]


def new(evidence: Evidence, window: Window, _: Question) -> list[float]:
    last = _group_samples(evidence, window)[-1]
    return [float(len(last.present - _first_group(evidence).present))]


def seconds_to_detect(evidence: Evidence, _: Window, question: Question) -> list[float]:
    return _since_fault(evidence, detected_at(evidence, question.instance))


def seconds_to_drain(evidence: Evidence, _: Window, question: Question) -> list[float]:
    """Zero when it got no more requests after the fault, infinite when it stayed healthy.

    Who never replied before the fault does not name itself, or gets no requests anyway: that no
    reply names it afterwards proves nothing.
    """
    instance = question.instance or ""
    fault = _fault(evidence)
    check_replies(evidence, evidence.windows["all"])
    if not any(
        reply.instance == instance and reply.scheduled_at < fault.at for reply in evidence.replies
    ):
        raise NoEvidenceError(f"{instance} gave no reply before the fault")
    if detected_at(evidence, instance) is None:
        return _since_fault(evidence, None)
    last = drained_at(evidence, instance)
    return _since_fault(evidence, fault.at if last is None else last)


def seconds_to_recover(evidence: Evidence, _: Window, __: Question) -> list[float]:
    return _since_fault(evidence, recovered_at(evidence))


def seconds_to_restore(evidence: Evidence, _: Window, __: Question) -> list[float]:
    if REPAIR not in evidence.marked:
        raise NoEvidenceError("restoring was never marked: repair")
    seconds = restore_seconds(evidence)
    return [math.inf if seconds is None else seconds]


def _since_fault(evidence: Evidence, at: float | None) -> list[float]:
    """Seconds from the fault; infinite for what never happened, so that no bound holds for it."""
    fault = _fault(evidence)
    check_samples(evidence, evidence.windows["all"], "target_health")
    return [math.inf if at is None else at - fault.at]


def _fault(evidence: Evidence) -> Mark:
    if evidence.fault is None:
        raise NoEvidenceError("no fault was marked")
    return evidence.fault
