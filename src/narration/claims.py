"""What became of a scenario's claims, as rows. Pure; a result is an entry of verdicts.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from evidence.claims import wanted_outcome
from evidence.judge.proportion import Proportion
from narration.row import Row, Tone

_SIGNS: dict[str, tuple[str, Tone]] = {
    "held": ("held", "good"),
    "refuted": ("REFUTED", "bad"),
    "unjudged": ("UNJUDGED", "doubtful"),
}
_CONTROL_SIGNS: dict[str, tuple[str, Tone]] = {
    "refuted": ("failed, as it must", "good"),
    "held": ("DID NOT FAIL", "bad"),
    "unjudged": ("UNJUDGED", "doubtful"),
}
_TONES: dict[str, Tone] = {"passed": "good", "failed": "bad", "unjudged": "doubtful"}
_SIGNS_OF = {"held": _SIGNS, "refuted": _CONTROL_SIGNS}
"""By the outcome that is wanted."""
_OF_ALL = ("latency_", "seconds_to_restore")
"""Measures of claims that every scenario makes."""


def rows_of(result: Mapping[str, Any], *, is_last: bool = True) -> list[Row]:
    """The claims of a scenario, each with what was seen and its bound; at the end how many held.

    When all held, those that every scenario makes are only counted. When one did not, all are
    shown; but only those that did not when this is not the last word, since it is played again.
    """
    wanted = [(wanted_outcome(each, result["negative_control"]), each) for each in result["claims"]]
    claims = [(right, each) for right, each in wanted if right]
    count = sum(each["outcome"] == right for right, each in claims)
    if not is_last:
        shown = [(right, each) for right, each in claims if each["outcome"] != right]
    elif count < len(claims):
        shown = claims
    else:
        shown = [(right, each) for right, each in claims if not _is_of_all(each)]
    rows = [row for _, alike in groupby(shown, _reason) for row in _rows_of_claims(list(alike))]
    tone = _TONES[result["outcome"]]
    word = "failed" if any(right == "refuted" for right, _ in claims) else "held"
    return [*rows, Row(figures(result), f"{word} {count} of {len(claims)}", tone)]


def figures(result: Mapping[str, Any]) -> str:
    """Requests, how many failed and what that says of the rate, latency, and the way back."""
    measured = result["figures"]
    requests, failed = measured["requests"], measured["by_kind"].get("error", 0)
    parts = [f"{requests:,} requests"]
    if requests:
        worth = str(Proportion.counted(failed, requests)).partition(": ")[2]
        parts.append(f"{failed:,} failed ({worth.replace(' (', ' at ').rstrip(')')})")
    p99 = measured["latency_ms"].get("all", {}).get("p99")
    if p99 is not None:
        parts.append(f"p99 {p99:.0f} ms")
    restored = measured["time_to_seconds"].get("restore")
    if restored is not None:
        parts.append(f"restored in {restored:.1f} s")
    return ", ".join(parts)


def _reason(claim: tuple[str, Mapping[str, Any]]) -> str:
    """Why the claim is unjudged; its name when it is not, which is no other's."""
    return str(claim[1]["seen" if claim[1]["outcome"] == "unjudged" else "claim"])


def _rows_of_claims(claims: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Row]:
    """A claim with the outcome that is wanted of it, or several that are unjudged for one reason.

    That reason stands once, below the last of them.
    """
    rows = [_rows_of_claim(each, _SIGNS_OF[right]) for right, each in claims]
    if len(rows) == 1:
        return rows[0]
    return [*(first for first, *_ in rows), rows[-1][-1]]


def _rows_of_claim(claim: Mapping[str, Any], signs: Mapping[str, tuple[str, Tone]]) -> list[Row]:
    label, tone = signs[claim["outcome"]]
    if tone == "good":
        bound = claim["expected"].rpartition(") ")[2]
        return [Row(f"{claim['claim']}: {claim['seen']} [{bound}]", label, tone)]
    return [
        Row(claim["claim"], label, tone),
        Row(f"expected: {claim['expected']}", detail=True),
        Row(f"seen:     {claim['seen']}", detail=True),
    ]


def _is_of_all(claim: Mapping[str, Any]) -> bool:
    definition = claim.get("definition", {})
    return definition.get("during") == ["restored"] or any(
        str(definition.get("measure", "")).startswith(name) for name in _OF_ALL
    )
