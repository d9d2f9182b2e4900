"""A machine too busy to judge: what it broke cannot be told from what the service did.

The prober is the witness. It needs little of a core, and its requests leave on a schedule that
does not depend on the service; when they leave late, the processes of the service, which share the
machine with it on the local AWS, did not run either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.judge.claims import Verdict
from evidence.judge.statistics import schedule
from evidence.record.evidence import Evidence


def unjudged_if_starved(verdicts: Sequence[Verdict], evidence: Evidence) -> list[Verdict]:
    """The verdicts, with those that were refuted on a machine that was too busy called unjudged.

    What held held in spite of it. The scenario passes no more than before.
    """
    kept = schedule(evidence.replies, evidence.missed)
    if kept["kept"] or kept["p99_late_ms"] is None:
        return list(verdicts)
    reason = (
        f"this machine was too busy: 1 of 100 requests left later than {kept['p99_late_ms']} ms, "
        f"{kept['missed']} never did; play it again when less is running"
    )
    return [
        replace(verdict, outcome="unjudged", seen=f"{verdict.seen}; {reason}")
        if verdict.outcome == "refuted"
        else verdict
        for verdict in verdicts
    ]
