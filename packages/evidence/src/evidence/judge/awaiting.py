"""Wait until what is observed makes claims hold: a fact is waited for, not a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NoReturn

from evidence.judge.backend import observers_death
from evidence.judge.claims import Claim
from evidence.judge.interruption import Interruptions
from evidence.judge.verdict import Verdict, judge
from evidence.observe.observation import ObservationError, RunningObserver, log_tail
from evidence.record.evidence import Evidence
from evidence.record.journal import journal
from evidence.record.latest import Latest
from evidence.record.windows import Window

_POLL_SECONDS = 0.1
_NEIGHBOURS = 1.5
"""Two requests further apart than this, in intervals of the schedule, have another between them."""


class NotReachedError(ObservationError):
    """What is awaited did not come; `since` is when the latest replies began that were judged."""

    def __init__(self, missing: str, waited_seconds: float, since: float | None) -> None:
        super().__init__(f"after {waited_seconds:.0f} s not reached: {missing}")
        self.since = since


def await_claims(
    observer: RunningObserver, claims: Sequence[Claim], last_replies: int, timeout_seconds: float
) -> tuple[list[Verdict], Evidence, float]:
    """Wait until `last_replies` replies since the latest mark make all claims hold.

    It may take `timeout_seconds` until they begin to, and as long again as so many replies take.

    Returns the verdicts, what was seen, and since when it holds: the time of the first of these
    replies.

    The claims are judged on the time that the latest `last_replies` replies span, whatever their
    `during`; so what is awaited is a steady state, not a lucky reply. Raises ScenarioEndedError as
    soon as waiting has no sense any more, NotReachedError with what was seen at the end, and
    ObservationError at once when AWS's view of the service cannot be read.
    """
    sentences = [claim.sentence for claim in claims] or [f"{last_replies} more replies"]
    journal(observer.folder.journal, observer.scenario, "awaiting", claims=sentences)
    latest = latest_of(observer, claims, last_replies)
    interruptions = Interruptions(observer, time.time())
    started = time.monotonic()
    deadline = started + timeout_seconds + last_replies / observer.config.rate
    while True:
        began = time.monotonic()
        is_running = observer.process.is_running()  # before reading: what it wrote last counts
        evidence = latest.read()
        _check_view(evidence)
        interruptions.check(evidence)
        window = _window(evidence, last_replies)
        verdicts = [judge(claim, evidence, window) for claim in claims] if window else []
        unmet = [verdict for verdict in verdicts if not verdict.held]
        if window and not unmet:
            return verdicts, evidence, window.start
        if time.monotonic() > deadline:
            missing = _missing(unmet, last_replies)
            since = window.start if window else None
            raise NotReachedError(missing, time.monotonic() - started, since)
        if not is_running:
            _ended(observer, evidence, interruptions)
        # A long wait has much to read; the prober must not be short of the processor meanwhile.
        time.sleep(max(_POLL_SECONDS, 4 * (time.monotonic() - began)))


def latest_of(observer: RunningObserver, claims: Sequence[Claim], last_replies: int) -> Latest:
    """A reader that keeps what these claims and the abort condition need."""
    if any(claim.measure.looks_back for claim in claims):
        return Latest(observer.folder, observer.scenario, None)
    for_abort = int(observer.config.abort.seconds * observer.config.rate) + 1
    return Latest(observer.folder, observer.scenario, max(last_replies, for_abort))


def _missing(unmet: Sequence[Verdict], last_replies: int) -> str:
    """What is not reached: the claims that do not hold or, before any is judged, the replies."""
    claims = "; ".join(f"{each.expected} (seen: {each.seen})" for each in unmet)
    return claims or f"{last_replies} replies since the latest mark"


def _ended(observer: RunningObserver, evidence: Evidence, interruptions: Interruptions) -> NoReturn:
    died = observers_death(evidence)
    if died is None:
        limit = observer.config.limit_seconds
        raise ObservationError(f"the observer ended: its time ({limit:g} s) is over")
    is_known = evidence.end_reason is not None
    log = "" if is_known else " ".join(log_tail(observer.folder.observer_log).split())
    interruptions.end("died", died + (f"; its log ends: {log}" if log else ""))


def _check_view(evidence: Evidence) -> None:
    if evidence.health_check is None and evidence.sampling_errors:
        reasons = "; ".join(sorted({error.error for error in evidence.sampling_errors}))
        raise ObservationError(f"AWS's view of the service cannot be read: {reasons}")


def _window(evidence: Evidence, last_replies: int) -> Window | None:
    """The time since the first of the latest replies after the latest mark; None for too few."""
    since = max((mark.at for mark in evidence.marks), default=evidence.started_at)
    times = [reply.scheduled_at for reply in evidence.replies if reply.scheduled_at >= since]
    row = in_a_row(times, evidence.rate)
    return None if len(row) < last_replies else Window(row[-last_replies], evidence.stopped_at)


def in_a_row(times: Sequence[float], rate: float | None) -> Sequence[float]:
    """The latest of these times, in their order, between which no request of the schedule lacks.

    One that lacks is still outstanding: an instance that answers late would be left out, and what
    it answers in the end may be something else. Without a rate nothing is known to lack.
    """
    if rate is None:
        return times
    for number in range(len(times) - 1, 0, -1):
        if times[number] - times[number - 1] > _NEIGHBOURS / rate:
            return times[number:]
    return times
