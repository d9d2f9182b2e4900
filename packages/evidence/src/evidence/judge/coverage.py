"""Whether what was recorded covers a window of time, so that a claim about it can be judged.

A stretch of the window without a sample (or a reply) that is longer than INTERVALS times the
distance at which they are taken, and longer than LEAST_SECONDS, is a gap: nobody knows what was
true in it. The edges of the window count as well. So does a request that was never sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from evidence.judge.measure import NoEvidenceError
from evidence.record.evidence import Evidence
from evidence.record.samples import GroupSample, SamplingError, StackSample, TargetHealthSample
from evidence.record.windows import Window

INTERVALS = 5
LEAST_SECONDS = 1.5
"""A busy machine takes a sample, or sends a request, this much later without losing any."""

_SAMPLED = {"target_health": "target health", "group": "the Auto Scaling group"}
_REGULAR = (TargetHealthSample, GroupSample, StackSample)
_UNKNOWN_INTERVAL_SECONDS = 1.0


def check_samples(evidence: Evidence, window: Window, sampler: str) -> None:
    """Raise NoEvidenceError unless what `sampler` ("target_health", "group") took covers `window`.

    The message says for how long there was no sample, and the last reason why.
    """
    errors = [error for error in evidence.sampling_errors if error.sampler == sampler]
    taken = [sample.at for sample in evidence.sampled_by(sampler)]
    attempts = sorted([*taken, *(error.at for error in errors)])
    interval = evidence.sample_interval_seconds or _distance(attempts)
    found = [at for at in taken if at in window]
    missing = list(_gaps(window, found, allowed_seconds(interval)))
    if found and not missing:
        return
    missing = missing or [(window.start, window.end)]
    # An attempt that fails may have begun before the gap that it leaves.
    reasons = [
        error.error
        for error in errors
        if any(start - interval <= error.at <= end for start, end in missing)
    ]
    raise NoEvidenceError(
        f"{_SAMPLED[sampler]} was not sampled for {_seconds(missing, window)}: "
        + (reasons[-1] if reasons else "no answer to the observer is on record")
    )


def check_replies(evidence: Evidence, window: Window) -> None:
    """Raise NoEvidenceError unless requests were sent throughout `window`, and none was left out.

    How many were left out is known at the end, not when that was. While an observation goes on,
    the latest replies may be outstanding for the request's timeout.
    """
    if evidence.missed:
        raise NoEvidenceError(
            f"the prober fell behind: it never sent {evidence.missed} of "
            f"{evidence.missed + len(evidence.replies)} requests; choose a lower rate, or play it "
            "again when less is running"
        )
    due = [reply.scheduled_at for reply in evidence.replies]
    allowed = allowed_seconds(1 / evidence.rate if evidence.rate else _distance(due))
    end = window.end
    if not evidence.is_complete and evidence.request_timeout_seconds is not None:
        end = max(window.start, end - evidence.request_timeout_seconds)
    missing = list(_gaps(Window(window.start, end), [at for at in due if at in window], allowed))
    if missing:
        raise NoEvidenceError(
            f"no request is on record for {_seconds(missing, window)}: the observer or its "
            "machine stood still"
        )


def allowed_seconds(interval_seconds: float) -> float:
    """The longest stretch without a record that is no gap."""
    return max(INTERVALS * interval_seconds, LEAST_SECONDS)


def last_answer(evidence: Evidence) -> float:
    """When AWS answered a sampler last, were it with an error; at first, when it all began."""
    return max(
        _answers(evidence),
        default=evidence.started_at if evidence.begun_at is None else evidence.begun_at,
    )


def longest_silence(evidence: Evidence) -> tuple[float, float]:
    """The longest stretch, its start and end, in which AWS answered no sampler, not even an error.

    What is taken once, or when it changes, does not count: the latest may be long ago. An observer
    that has not begun yet has asked nothing.
    """
    times = _answers(evidence)
    if evidence.begun_at is not None:
        times = times or [evidence.begun_at]
    edges = [*times, evidence.stopped_at]
    if len(edges) < 2:
        return evidence.stopped_at, evidence.stopped_at
    return max(pairwise(edges), key=lambda stretch: stretch[1] - stretch[0])


def _answers(evidence: Evidence) -> list[float]:
    """When AWS answered a sampler, were it with an error; in order."""
    return sorted(
        each.at
        for each in evidence.samples
        if isinstance(each, _REGULAR) or (isinstance(each, SamplingError) and each.code is not None)
    )


def _gaps(window: Window, times: Sequence[float], allowed: float) -> Iterator[tuple[float, float]]:
    for start, end in pairwise([window.start, *times, window.end]):
        if end - start > allowed:
            yield start, end


def _seconds(missing: Sequence[tuple[float, float]], window: Window) -> str:
    without = sum(end - start for start, end in missing)
    return f"{without:.1f} s of {window.seconds:.1f} s"


def _distance(times: Sequence[float]) -> float:
    """How far apart records usually are; records of older runs do not say it."""
    if len(times) < 2:
        return _UNKNOWN_INTERVAL_SECONDS
    return median(later - earlier for earlier, later in pairwise(times))
