"""Whether the backend - AWS, or the local one - died while it was observed. Pure.

It is AWS's own view of the service that proves it, never what clients are answered: a refused or a
hanging request may be the service's failure. What proves it is

    AWS's API answers nobody for SILENCE_INTERVALS sample intervals, and SILENCE_SECONDS at least
    the stack, the target group or the Auto Scaling group is gone, or somebody updates the stack
    AWS says that the load balancer itself has failed (Elb.InternalError)
    the observer stands still
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.judge.coverage import last_answer, longest_silence
from evidence.record.evidence import Evidence
from evidence.record.samples import GROUP_NOT_FOUND, StackSample
from evidence.record.windows import Window

SILENCE_INTERVALS = 4
SILENCE_SECONDS = 6.0

_GONE = {
    ("stack", "ValidationError"): "the stack was deleted",
    ("target_health", "TargetGroupNotFound"): "the target group was deleted",
    ("group", GROUP_NOT_FOUND): "the Auto Scaling group was deleted",
}


def death(evidence: Evidence) -> str | None:
    """What died, in a few words, or None."""
    return _deletion(evidence) or _load_balancer_failure(evidence) or _silence(evidence)


def observers_death(evidence: Evidence) -> str | None:
    """Why an observer that runs no more ended, unless it was stopped or its time was over."""
    if evidence.end_reason is not None:
        return f"the observer gave up: {evidence.end_reason}"
    return None if evidence.is_complete else "the observer was killed"


def falls_silent(evidence: Evidence) -> bool:
    """AWS has not answered anybody for half of the time that proves its death.

    What fails meanwhile may fail because of it, and says nothing about the service.
    """
    return evidence.stopped_at - last_answer(evidence) > _silence_limit(evidence) / 2


def change(samples: Sequence[StackSample]) -> str | None:
    """What somebody else did to the stack, judged by samples of a time in which we did nothing."""
    for sample in samples:
        if not sample.status.endswith(("_COMPLETE", "_CLEANUP_IN_PROGRESS")):
            return f"somebody else changes the stack: it is {sample.status}"
        if sample.stack_id != samples[0].stack_id:
            return "somebody else replaced the stack: it has another id"
        if sample.updated_at != samples[0].updated_at:
            return f"somebody else updated the stack at {sample.updated_at}"
    return None


def backend_name(settings: Mapping[str, Any]) -> str:
    """What answers AWS's API in this observation."""
    endpoint = settings.get("endpoint")
    if settings.get("backend") == "local":
        return f"the local AWS at {endpoint}" if endpoint else "the local AWS"
    return f"AWS at {endpoint}" if endpoint else f"AWS in {settings.get('region', 'its region')}"


def _deletion(evidence: Evidence) -> str | None:
    for sample in evidence.stack():
        if sample.status.startswith("DELETE_"):
            return f"the stack is {sample.status}, which this play did not begin"
    for error in evidence.sampling_errors:
        gone = _GONE.get((error.sampler, error.code or ""))
        if gone is not None:
            return f"{gone} ({error.code})"
    return None


def _load_balancer_failure(evidence: Evidence) -> str | None:
    for sample in evidence.target_health():
        if sample.load_balancer_error is not None:
            return f"the load balancer itself failed: {sample.load_balancer_error}"
    return None


def _silence(evidence: Evidence) -> str | None:
    start, end = longest_silence(evidence)
    interval = evidence.sample_interval_seconds or 1.0
    if end - start <= _silence_limit(evidence):
        return None
    errors = [
        error
        for error in evidence.sampling_errors
        if start <= error.at <= end and error.code is None  # one with a code is an answer
    ]
    if not errors and _stood_still(evidence, Window(start + interval, end - interval)):
        return f"the observer stood still for {end - start:.1f} s"
    verb = "has not answered" if end == evidence.stopped_at else "did not answer"
    reason = f" ({errors[-1].error})" if errors else ""
    return f"{backend_name(evidence.settings)} {verb} for {end - start:.1f} s{reason}"


def _silence_limit(evidence: Evidence) -> float:
    return max(SILENCE_SECONDS, SILENCE_INTERVALS * (evidence.sample_interval_seconds or 1.0))


def _stood_still(evidence: Evidence, window: Window) -> bool:
    """Nothing at all that the observer does by itself is on record."""
    return bool(evidence.heartbeats) and not (
        any(at in window for at in evidence.heartbeats)
        or any(reply.completed_at in window for reply in evidence.replies)
    )
