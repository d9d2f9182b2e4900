"""Tables for people: claims with what was expected and seen, and a run's summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from evidence.judge.proportion import Proportion
from evidence.judge.statistics import percent
from evidence.judge.verdict import wanted_outcome
from evidence.report.printable import printable
from evidence.report.repetitions import outcomes_of, spread, totals

_SIGNS = {"held": "held", "refuted": "REFUTED", "unjudged": "UNJUDGED"}
_CONTROL_SIGNS = {
    "refuted": {"refuted": "failed, as it must", "held": "DID NOT FAIL", "unjudged": "UNJUDGED"},
    "held": {"refuted": "DID NOT HOLD", "held": "held, as it must", "unjudged": "UNJUDGED"},
}
"""By the outcome that is wanted, and by the one that came."""
_VERBS = {
    False: {"held": "is not as claimed"},
    True: {"held": "proves nothing", "refuted": "does not fail as it must"},
}
"""What is said of a scenario, and of a control, whose claims came out wrong, by what was due."""
_RESULTS = {"passed": "", "failed": "FAILED", "unjudged": "UNJUDGED"}


def claims_table(
    claims: Sequence[Mapping[str, Any]], repetitions: Sequence[Mapping[str, Any]] = ()
) -> list[str]:
    """One line for each claim, and below each that did not hold what was expected and seen.

    A claim that held says in how many repetitions, when there are several; when it counts replies,
    of how many, and what that is worth.
    """
    width = max(len(_SIGNS[claim["outcome"]]) for claim in claims)
    lines: list[str] = []
    for claim in claims:
        worth = _worth(claim, repetitions) if claim["outcome"] == "held" else ""
        lines.append(f"{_SIGNS[claim['outcome']]:{width}}  {claim['claim']}{worth}")
        if claim["outcome"] != "held":
            lines.append(f"{'':{width}}    expected: {claim['expected']}")
            lines.append(f"{'':{width}}    seen:     {claim['seen']}")
    return [printable(line) for line in lines]


def control_table(claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a negative control shows: which claims failed that must, and which did not.

    Without its steady state also that.
    """
    lines: list[str] = []
    for claim in claims:
        wanted = wanted_outcome(claim, negative_control=True)
        if wanted is None:
            continue
        sign = _CONTROL_SIGNS[wanted][claim["outcome"]]
        lines.append(f"{sign:18}  {claim['claim']}")
        lines.append(f"{'':18}    expected: {claim['expected']}")
        lines.append(f"{'':18}    seen:     {claim['seen']}")
    return [printable(line) for line in lines]


def last_line(result: Mapping[str, Any]) -> str:
    """What became of a scenario that did not pass, in one line: what was refuted, what is unjudged.

    In a negative control, which claims held that must not.
    """
    control = result["negative_control"]
    each = [(wanted_outcome(claim, control), claim) for claim in result["claims"]]
    meant = [(wanted, claim) for wanted, claim in each if wanted]
    unjudged = [claim for _, claim in meant if claim["outcome"] == "unjudged"]
    wrong = [pair for pair in meant if pair[1]["outcome"] not in {pair[0], "unjudged"}]
    name = f"the negative control of {result['scenario']}" if control else result["scenario"]
    parts = []
    for due, verb in _VERBS[control].items():
        those = [claim for wanted, claim in wrong if wanted == due]
        said = "; ".join(f"{claim['claim']} (seen: {claim['seen']})" for claim in those)
        parts += [f"{name} {verb}: {said}"] if said else []
    if result["interruption"]:
        parts.append(f"{name} is unjudged: {result['interruption']}")
    elif unjudged:
        said = "; ".join(f"{claim['claim']} ({claim['seen']})" for claim in unjudged)
        parts.append(f"unjudged: {said}" if wrong else f"{name} is unjudged: {said}")
    return printable(". ".join(parts))


def spread_table(result: Mapping[str, Any]) -> list[str]:
    """How long the repetitions took to detect and so on; nothing for a scenario played once."""
    if len(result["repetitions"]) < 2:
        return []
    rows = [
        (
            f"time to {name}",
            f"{min(times):.1f}",
            f"{median(times):.1f}",
            f"{max(times):.1f}",
            f"s in {len(times)} repetitions",
        )
        for name, times in spread(result).items()
    ]
    return align([("", "least", "median", "most", ""), *rows]) if rows else []


def summary_table(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Scenario, claims held, requests, success share, seconds: one line each.

    Of a scenario that was played several times, all repetitions are counted.
    """
    rows = [("scenario", "claims held", "requests", "success", "seconds", "")]
    for result in results:
        claims, times = result["claims"], len(result["repetitions"])
        held = sum(claim["outcome"] == "held" for claim in claims)
        sums = totals(result)
        rows.append(
            (
                printable(result["scenario"])
                + (" (control)" if result["negative_control"] else "")
                + (f", {times} times" if times > 1 else ""),
                f"{held} of {len(claims)}",
                str(sums.requests),
                percent(sums.success_share),
                f"{sums.seconds:.1f}",
                _RESULTS[result["outcome"]],
            )
        )
    return align(rows)


def _worth(claim: Mapping[str, Any], repetitions: Sequence[Mapping[str, Any]]) -> str:
    """What stands behind a claim that held."""
    outcomes = outcomes_of(claim["claim"], repetitions)
    judged = outcomes["held"] + outcomes["refuted"]
    counted = claim.get("proportion")
    worth = [
        *([f"{outcomes['held']} of {judged} repetitions"] if judged > 1 else []),
        *([str(Proportion(**counted))] if counted else []),
    ]
    return f" - {', '.join(worth)}" if worth else ""


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of text: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in (0, len(widths) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
