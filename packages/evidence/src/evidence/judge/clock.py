"""A clock that was set while it was observed: times before and after cannot be compared.

Requests are due by the clock of the observation's begin; marks and samples have that of their own
moment. When it is set in between, or stands still because the machine sleeps, a request that was
due after a mark seems to have been due before it, or the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from evidence.judge.verdict import Verdict
from evidence.record.evidence import Evidence

LIMIT_SECONDS = 0.05
"""A clock that is kept right by small corrections changes by less between two heartbeats."""


def unjudged_if_clock_set(verdicts: Sequence[Verdict], evidence: Evidence) -> list[Verdict]:
    """The verdicts, all of them unjudged when the clock was set during the observation.

    Also what held: it may have held for what belongs to another time.
    """
    step = clock_step(evidence)
    if step is None:
        return list(verdicts)
    reason = (
        f"this machine's clock was set by {step:+.2f} s, or it slept, while it observed; "
        "play it again"
    )
    return [
        verdict if verdict.outcome == "unjudged" else verdict.unjudged_because(reason)
        for verdict in verdicts
    ]


def clock_step(evidence: Evidence) -> float | None:
    """By how many seconds the clock was set at once, at most; None when it was not.

    Records of older versions do not say it.
    """
    steps = [later - earlier for earlier, later in pairwise(evidence.clock_offsets)]
    step = max(steps, key=abs, default=0.0)
    return step if abs(step) > LIMIT_SECONDS else None
