"""Figures from replies: counts, shares, percentiles, runs of errors, error budget. All pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from itertools import groupby
from typing import Any

from evidence.judge.transitions import (
    Attribution,
    attribution,
    detected_at,
    drained_at,
    recovered_at,
    restore_seconds,
)
from evidence.record.evidence import Evidence
from evidence.record.reply import Reply

LATE_LIMIT_MS = 20.0
"""A schedule is kept when 99 of 100 requests leave within this, and none is left out.

It is the distance of two requests at the usual 50 a second. Lateness is part of every latency, so
a busy machine makes latencies greater, never smaller.
"""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent * len(ordered) / 100) - 1)]


def percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """p50, p95, p99 and the greatest value; None for each without values."""
    ranks = {"p50": 50, "p95": 95, "p99": 99, "max": 100}
    return {name: percentile(values, rank) if values else None for name, rank in ranks.items()}


def count_by(replies: Iterable[Reply], field: str) -> dict[str, int]:
    """Replies by a field's value, sorted by it; replies without a value are left out."""
    counts = Counter(getattr(reply, field) for reply in replies)
    return {str(key): counts[key] for key in sorted(counts, key=str) if key is not None}


def counts(replies: Sequence[Reply]) -> dict[str, Any]:
    """What was answered, counted in every way a client can tell."""
    return {
        "requests": len(replies),
        "by_kind": count_by(replies, "kind"),
        "by_status": count_by(replies, "status"),
        "by_error": count_by(replies, "error"),
        "by_instance": {
            instance: count_by((reply for reply in replies if reply.instance == instance), "kind")
            for instance in count_by(replies, "instance")
        },
        "by_availability_zone": count_by(replies, "availability_zone"),
        "by_release": count_by(replies, "release"),
    }


def success_share(replies: Sequence[Reply]) -> float | None:
    """The share of replies that are not errors; None without replies."""
    return 1 - _errors(replies) / len(replies) if replies else None


def percent(share: float | None) -> str:
    """A share (0 to 1) as "99.50%", None as "-"; one that is not whole is never shown as 100%."""
    if share is None:
        return "-"
    text = f"{share * 100:.2f}"
    return "<100%" if text == "100.00" and share < 1 else f"{text}%"


def longest_error_run(replies: Sequence[Reply]) -> dict[str, Any]:
    """The most errors in a row, and from the first to the last of them in seconds."""
    runs = (list(run) for failed, run in groupby(replies, lambda r: r.kind == "error") if failed)
    longest = max(runs, key=len, default=[])
    if not longest:
        return {"requests": 0, "seconds": 0.0, "from": None}
    first, last = longest[0].scheduled_at, longest[-1].scheduled_at
    return {"requests": len(longest), "seconds": round(last - first, 3), "from": first}


def error_budget(replies: Sequence[Reply], objective: float) -> dict[str, Any]:
    """How much of what the objective allows to fail did fail. 1 is all of it."""
    # Exactly as it is written: in floats, 10 of 100 are more than 0.9 allows.
    allowed = len(replies) * (1 - Fraction(str(objective)))
    errors = _errors(replies)
    return {
        "objective": objective,
        "allowed_errors": round(float(allowed), 3),
        "errors": errors,
        "spent": round(float(errors / allowed), 4) if allowed else None,
        "met": bool(replies) and errors <= allowed,
    }


def schedule(replies: Sequence[Reply], missed: int) -> dict[str, Any]:
    """How well the prober kept its own schedule; without that its latencies say little."""
    late = percentiles([reply.late_ms for reply in replies])
    p99 = late["p99"]
    return {
        "p99_late_ms": p99,
        "max_late_ms": late["max"],
        "missed": missed,
        "kept": p99 is not None and p99 <= LATE_LIMIT_MS and missed == 0,
    }


def figures(evidence: Evidence, objective: float) -> dict[str, Any]:
    """The figures of one scenario, as verdicts.json has them.

    Times to detect, drain and recover are in seconds from the fault, that to restore from the
    repair; None when it did not happen.
    """
    replies = evidence.replies_in(evidence.windows["all"])
    return {
        **counts(replies),
        "seconds": round(evidence.windows["all"].seconds, 3),
        "success_share": success_share(replies),
        "longest_error_run": longest_error_run(replies),
        "time_to_seconds": _times(evidence),
        "latency_ms": {
            name: percentiles([reply.latency_ms for reply in evidence.replies_in(window)])
            for name, window in evidence.windows.items()
        },
        "error_budget": error_budget(replies, objective),
        "schedule": schedule(replies, evidence.missed),
        "failures": _failures(evidence, replies),
    }


def _errors(replies: Iterable[Reply]) -> int:
    return sum(reply.kind == "error" for reply in replies)


def _times(evidence: Evidence) -> Mapping[str, float | None]:
    fault = evidence.fault
    times = {"detect": None, "drain": None, "recover": None, "restore": restore_seconds(evidence)}
    if fault is not None:
        moments = {
            "detect": detected_at(evidence, fault.instance),
            "drain": drained_at(evidence, fault.instance) if fault.instance else None,
            "recover": recovered_at(evidence),
        }
        times |= {name: None if at is None else at - fault.at for name, at in moments.items()}
    return {name: None if seconds is None else round(seconds, 3) for name, seconds in times.items()}


def _failures(evidence: Evidence, replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """Failed requests by error, target and moment, with the first and the last of each."""
    attribute = attribution(evidence)
    groups: dict[tuple[Attribution, str | None], list[Reply]] = {}
    for reply in replies:
        if reply.kind == "error":
            groups.setdefault((attribute(reply), reply.error), []).append(reply)
    return [
        {
            "error": error,
            **asdict(attributed),
            "requests": len(failed),
            "first_at": failed[0].scheduled_at,
            "last_at": failed[-1].scheduled_at,
        }
        for (attributed, error), failed in groups.items()
    ]
