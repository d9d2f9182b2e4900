"""Wait until what is observed makes claims hold: a fact is waited for, not a time."""

from __future__ import annotations

import time
from collections.abc import Sequence

from evidence.claims import Claim, Verdict, judge
from evidence.evidence import Evidence, read_evidence
from evidence.journal import journal
from evidence.observation import ObservationError, RunningObserver, log_tail
from evidence.windows import Window

_POLL_SECONDS = 0.1


def await_claims(
    observer: RunningObserver, claims: Sequence[Claim], last_replies: int, timeout_seconds: float
) -> tuple[list[Verdict], Evidence, float]:
    """Wait until `last_replies` replies since the latest mark make all claims hold.

    Returns the verdicts, what was seen, and since when it is so: the time of the first of these
    replies.

    The claims are judged on the time that the latest `last_replies` replies span, whatever their
    `during`; so what is awaited is a steady state, not a lucky reply. Raises ObservationError with
    what was seen, and at once when AWS's view of the service cannot be read.
    """
    sentences = [claim.sentence for claim in claims] or [f"{last_replies} more replies"]
    journal(observer.folder.journal, observer.scenario, "awaiting", claims=sentences)
    deadline = time.monotonic() + timeout_seconds
    while True:
        began = time.monotonic()
        latest = _latest(observer, last_replies)
        verdicts = [judge(claim, *latest) for claim in claims] if latest else []
        unmet = [verdict for verdict in verdicts if not verdict.held]
        if latest and not unmet:
            return verdicts, latest[0], latest[1].start
        if time.monotonic() > deadline:
            seen = "; ".join(f"{verdict.expected} (seen: {verdict.seen})" for verdict in unmet)
            raise ObservationError(
                f"after {timeout_seconds:g} s still not so: "
                + (seen or f"{last_replies} replies since the latest mark")
            )
        if not observer.process.is_running():
            log = log_tail(observer.folder.observer_log)
            raise ObservationError(f"the observer ended meanwhile; its log ends:\n{log}")
        # A long wait has much to read; the prober must not be short of the processor meanwhile.
        time.sleep(max(_POLL_SECONDS, 4 * (time.monotonic() - began)))


def _latest(observer: RunningObserver, last_replies: int) -> tuple[Evidence, Window] | None:
    """What was seen, and the window of the latest replies since the latest mark.

    None while there are too few of them.
    """
    evidence = read_evidence(observer.folder, observer.scenario)
    if evidence.health_check is None and evidence.sampling_errors:
        reasons = "; ".join(sorted({error.error for error in evidence.sampling_errors}))
        raise ObservationError(f"AWS's view of the service cannot be read: {reasons}")
    since = max((mark.at for mark in evidence.marks), default=evidence.started_at)
    times = [reply.scheduled_at for reply in evidence.replies if reply.scheduled_at >= since]
    if len(times) < last_replies:
        return None
    return evidence, Window(times[-last_replies], evidence.stopped_at)
