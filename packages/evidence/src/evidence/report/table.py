"""Tables for people: claims with what was expected and seen, and a run's summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.judge.proportion import Proportion
from evidence.judge.statistics import percent
from evidence.report.printable import printable

_SIGNS = {"held": "held", "refuted": "REFUTED", "unjudged": "UNJUDGED"}
_CONTROL_SIGNS = {
    "refuted": "failed, as it must",
    "held": "DID NOT FAIL",
    "unjudged": "UNJUDGED",
}
_RESULTS = {"passed": "", "failed": "FAILED", "unjudged": "UNJUDGED"}


def claims_table(claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line for each claim, and below each that did not hold what was expected and seen.

    A claim that held on a count of replies says of how many, and what that is worth.
    """
    width = max(len(_SIGNS[claim["outcome"]]) for claim in claims)
    lines: list[str] = []
    for claim in claims:
        counted = claim.get("proportion") if claim["outcome"] == "held" else None
        worth = f" - {Proportion(**counted)}" if counted else ""
        lines.append(f"{_SIGNS[claim['outcome']]:{width}}  {claim['claim']}{worth}")
        if claim["outcome"] != "held":
            lines.append(f"{'':{width}}    expected: {claim['expected']}")
            lines.append(f"{'':{width}}    seen:     {claim['seen']}")
    return [printable(line) for line in lines]


def control_table(claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a negative control shows: which claims failed that must, and which did not."""
    lines: list[str] = []
    for claim in (claim for claim in claims if claim["must_fail_in_control"]):
        sign = _CONTROL_SIGNS[claim["outcome"]]
        lines.append(f"{sign:18}  {claim['claim']}")
        lines.append(f"{'':18}    expected: {claim['expected']}")
        lines.append(f"{'':18}    seen:     {claim['seen']}")
    return [printable(line) for line in lines]


def last_line(result: Mapping[str, Any]) -> str:
    """What became of a scenario that did not pass, in one line: what was refuted, what is unjudged.

    In a negative control, which claims held that must not.
    """
    control = result["negative_control"]
    meant = [claim for claim in result["claims"] if claim["must_fail_in_control"] or not control]
    wanted = "refuted" if control else "held"
    wrong = [claim for claim in meant if claim["outcome"] not in {wanted, "unjudged"}]
    unjudged = [claim for claim in meant if claim["outcome"] == "unjudged"]
    name = f"the negative control of {result['scenario']}" if control else result["scenario"]
    parts = []
    if wrong:
        said = "; ".join(f"{claim['claim']} (seen: {claim['seen']})" for claim in wrong)
        verb = "does not fail as it must" if control else "is not as claimed"
        parts.append(f"{name} {verb}: {said}")
    if result["interruption"]:
        parts.append(f"{name} is unjudged: {result['interruption']}")
    elif unjudged:
        said = "; ".join(f"{claim['claim']} ({claim['seen']})" for claim in unjudged)
        parts.append(f"unjudged: {said}" if wrong else f"{name} is unjudged: {said}")
    return printable(". ".join(parts))


def summary_table(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Scenario, claims held, requests, success share, seconds: one line each, and the sum."""
    rows = [("scenario", "claims held", "requests", "success", "seconds", "")]
    for result in results:
        figures, claims = result["figures"], result["claims"]
        held = sum(claim["outcome"] == "held" for claim in claims)
        rows.append(
            (
                printable(result["scenario"])
                + (" (control)" if result["negative_control"] else ""),
                f"{held} of {len(claims)}",
                str(figures["requests"]),
                percent(figures["success_share"]),
                f"{figures['seconds']:.1f}",
                _RESULTS[result.get("outcome", "passed" if result["passed"] else "failed")],
            )
        )
    return align(rows)


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
