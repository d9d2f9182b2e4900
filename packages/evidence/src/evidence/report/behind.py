"""The records behind a claim: how many, which of them speak against it, and how to select them.

A selection is a program for jq, so that everybody finds the same lines in the files of a run.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.judge.claims import Claim, ClaimError, parse_claims
from evidence.judge.filters import Condition
from evidence.record.evidence import Evidence
from evidence.record.reply import HELD, Reply
from evidence.record.windows import Window, outermost

_SHOWN = 10


@dataclass(frozen=True)
class Selection:
    """So many lines of a file in the run's folder. `condition` is an expression of jq."""

    file: str
    condition: str
    lines: int

    @property
    def command(self) -> str:
        """Prints the lines, in the run's folder."""
        return f"jq -c {shlex.quote(f'select({self.condition})')} {self.file}"


@dataclass(frozen=True)
class Behind:
    """`counted` are all records that a claim rests on, in the windows `during`.

    `against` are those that speak against it, `reason` says why; both are empty for a claim that no
    single request can refute. `replies` are the first of them, or the slowest.
    """

    during: Sequence[str]
    counted: Selection
    reason: str = ""
    against: Selection | None = None
    replies: Sequence[Reply] = ()


@dataclass(frozen=True)
class _Objection:
    """Which replies speak against a claim: in words, for jq and here; the worst has the least."""

    reason: str
    condition: str
    holds: Callable[[Reply], bool]
    rank: Callable[[Reply], float] = lambda reply: reply.scheduled_at


def behind(claim: Mapping[str, Any], evidence: Evidence) -> Behind | None:
    """The records behind an entry of verdicts.json; None when its time never came.

    Entries of older versions do not say what was measured, or in a way that is refused by now: None
    as well.
    """
    if not claim.get("definition"):
        return None
    try:
        [parsed] = parse_claims([{"claim": claim["claim"], **claim["definition"]}])
    except ClaimError:
        return None
    found = [evidence.windows.get(name) for name in parsed.during]
    windows = outermost([window for window in found if window is not None])
    if None in found:
        return None
    if parsed.measure.looks_back:
        windows = [Window(evidence.started_at, evidence.stopped_at)]
    match parsed.measure.rests_on:
        case "requests":
            return _requests(parsed, evidence, windows, ".stream==null")
        case "held":
            stream = f".stream=={_text(HELD)}"
            return _requests(parsed, evidence.of_held_requests(), windows, stream)
        case sampler:
            return Behind(parsed.during, _samples(sampler, evidence, windows))


def _samples(sampler: str, evidence: Evidence, windows: Sequence[Window]) -> Selection:
    sampled = evidence.target_health if sampler == "target_health" else evidence.group
    lines = sum(len(sampled(window)) for window in windows)
    condition = f"{_in(evidence, windows, '.at')} and .sample=={_text(sampler)}"
    return Selection("samples.jsonl", condition, lines)


def _requests(claim: Claim, evidence: Evidence, windows: Sequence[Window], stream: str) -> Behind:
    among = claim.question.among
    replies = [
        reply for window in windows for reply in evidence.replies_in(window) if among.matches(reply)
    ]
    condition = " and ".join(
        [_in(evidence, windows, ".scheduled_at"), stream, *map(_condition, among.conditions)]
    )
    counted = Selection("requests.jsonl", condition, len(replies))
    objection = _objection(claim)
    if objection is None:
        return Behind(claim.during, counted)
    bad = sorted(filter(objection.holds, replies), key=objection.rank)
    against = Selection("requests.jsonl", f"{condition} and {objection.condition}", len(bad))
    return Behind(claim.during, counted, objection.reason, against, bad[:_SHOWN])


def _objection(claim: Claim) -> _Objection | None:
    """What speaks against a claim that none, or all, are of a kind, or within a time."""
    measure, where, bounds = claim.measure, claim.question.where, claim.bounds
    most = bounds.get("at_most", bounds.get("is"))
    if measure.unit == "ms" and isinstance(most, float):
        return _Objection(
            f"slower than {most:g} ms",
            f".latency_ms>{most!r}",
            lambda reply: reply.latency_ms > most,
            rank=lambda reply: -reply.latency_ms,
        )
    if measure.counts is None:
        return None
    matches = " and ".join(map(_condition, where.conditions))
    if bounds.get("is") == 0 or set(bounds) == {"at_most"}:
        return _Objection(f"with {where}", matches, where.matches)
    if measure.unit == "%" and bounds.get("is", bounds.get("at_least")) == 1:
        return _Objection(
            f"without {where}", f"({matches}|not)", lambda reply: not where.matches(reply)
        )
    return None


def _in(evidence: Evidence, windows: Sequence[Window], time: str) -> str:
    """The scenario, in one of these windows."""
    stretches = " or ".join(f"{time}>={each.start!r} and {time}<{each.end!r}" for each in windows)
    return f".scenario=={_text(evidence.scenario)} and ({stretches})"


def _condition(condition: Condition) -> str:
    """A status is a number in requests.jsonl, everything else a text."""
    is_status = condition.field == "status"
    values = [
        value if is_status and value.isdecimal() else _text(value)
        for value in sorted(condition.values)
    ]
    if len(values) == 1:
        return f".{condition.field}{'!=' if condition.negated else '=='}{values[0]}"
    return f"(.{condition.field}|IN({','.join(values)}){'|not' if condition.negated else ''})"


def _text(value: str) -> str:
    return json.dumps(value)
