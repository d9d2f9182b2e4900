"""A machine too busy to judge: what it broke cannot be told from what the service did.

The observer is the witness. It needs little of a core, and its requests leave on a schedule that
does not depend on the service; when they leave late, or a thread of its own wakes up late, the
processes of the service, which share the machine with it on the local AWS, did not run either.
"""

from __future__ import annotations

from collections.abc import Sequence

from evidence.judge.claims import Claim
from evidence.judge.statistics import LATE_LIMIT_MS, percentile
from evidence.judge.verdict import Verdict
from evidence.record.evidence import Evidence
from evidence.record.samples import MachineSample
from evidence.record.windows import Window

STALL_LIMIT_MS = 100.0
"""A process that does not run for so long, and its peer for as long again, miss a timeout of a
quarter of a second, such as services have for what they depend on."""

_WHAT_TO_DO = "play it again when less is running"


def unjudged_if_starved(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], evidence: Evidence
) -> list[Verdict]:
    """The verdicts, with those that were refuted on a machine that was too busy called unjudged.

    It is the time that the claim is about that counts. What held held in spite of it. The scenario
    passes no more than before.
    """
    return [
        _unless(starved(evidence, claim.during), verdict)
        if verdict.outcome == "refuted"
        else verdict
        for claim, verdict in zip(claims, verdicts, strict=True)
    ]


def starved(evidence: Evidence, during: Sequence[str]) -> str | None:
    """In which way the machine was too busy in one of these windows; None when it was not."""
    windows = [evidence.windows[name] for name in during if name in evidence.windows]
    return next(filter(None, (starved_in(evidence, window) for window in windows)), None)


def starved_in(evidence: Evidence, window: Window) -> str | None:
    """In which way the machine was too busy, and what to do; None when it was not."""
    reason = _stalled(evidence, window) or _late(evidence, window)
    return reason and f"this machine was too busy: {reason}; {_WHAT_TO_DO}"


def did_not_come(evidence: Evidence, since: float, seen: str) -> Verdict:
    """That the steady state comes in time, after it did not; `since` is when waiting began."""
    until = evidence.windows["all"].end
    refuted = Verdict(
        "the steady state comes", "it comes in time", seen, "refuted", must_hold_in_control=True
    )
    return _unless(starved_in(evidence, Window(since, until)), refuted)


def _unless(reason: str | None, verdict: Verdict) -> Verdict:
    """The verdict; unjudged when there is a reason not to believe it."""
    return verdict.unjudged_because(reason) if reason else verdict


def _stalled(evidence: Evidence, window: Window) -> str | None:
    overlapping = [
        sample
        for sample in evidence.machine()
        if sample.at > window.start and sample.at - sample.seconds < window.end
    ]
    worst = max(overlapping, key=lambda sample: sample.stall_ms, default=None)
    if worst is None or worst.stall_ms < STALL_LIMIT_MS:
        return None
    return f"it stood still for {worst.stall_ms:.0f} ms" + _why(worst)


def _why(sample: MachineSample) -> str:
    why = ""
    if sample.pressure is not None:
        why += f", processes waited {sample.pressure:.0%} of the time"
    if sample.stolen:
        why += f", {sample.stolen:.0%} of it was taken by other machines"
    return why


def _late(evidence: Evidence, window: Window) -> str | None:
    late = [reply.late_ms for reply in evidence.replies_in(window)]
    p99 = percentile(late, 99) if late else 0.0
    return f"1 of 100 requests left later than {p99:.0f} ms" if p99 > LATE_LIMIT_MS else None
