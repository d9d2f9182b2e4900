"""Two runs side by side: which figures got better, which got worse. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evidence.judge.statistics import percent
from evidence.report.run_record import RunRecord

Change = Literal["same", "better", "worse", "new", "gone"]

_NOISE = 0.25
"""Times and latencies that differ by less than this part are taken as equal: runs are noisy."""
_NOISE_MS = 5.0
_NOISE_SECONDS = 1.0


@dataclass(frozen=True)
class Row:
    """One figure of one scenario in both runs, as text, and what became of it."""

    scenario: str
    figure: str
    before: str
    now: str
    change: Change


def compare(before: RunRecord, now: RunRecord) -> list[Row]:
    """The rows of both runs' scenarios; a scenario that only one of them has is one row."""
    old = {scenario.title: scenario.result for scenario in before.scenarios}
    new = {scenario.title: scenario.result for scenario in now.scenarios}
    rows: list[Row] = []
    for title in [*new, *(title for title in old if title not in new)]:
        if title not in old:
            rows.append(Row(title, "scenario", "-", "played", "new"))
        elif title not in new:
            rows.append(Row(title, "scenario", "played", "-", "gone"))
        else:
            rows.extend(_scenario(title, old[title], new[title]))
    return rows


def regressions(rows: list[Row]) -> int:
    return sum(row.change == "worse" for row in rows)


def _scenario(title: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Row]:
    outcomes = {claim["claim"]: claim["outcome"] for claim in old["claims"]}
    rows = [
        Row(title, claim["claim"], outcomes[claim["claim"]], claim["outcome"], _held(old, claim))
        for claim in new["claims"]
        if outcomes.get(claim["claim"], claim["outcome"]) != claim["outcome"]
    ]
    before, now = old["figures"], new["figures"]
    rows.append(
        _row(title, "success share", before["success_share"], now["success_share"], -1e-9, percent)
    )
    for name in ("detect", "drain", "recover", "restore"):
        # An older run has no time to restore.
        times = before["time_to_seconds"].get(name), now["time_to_seconds"].get(name)
        rows.append(_row(title, f"time to {name}", *times, _NOISE_SECONDS, _seconds))
    for name in ("p50", "p95", "p99"):
        latencies = before["latency_ms"]["all"][name], now["latency_ms"]["all"][name]
        rows.append(_row(title, f"latency {name}", *latencies, _NOISE_MS, _milliseconds))
    return [row for row in rows if (row.before, row.now) != ("-", "-")]


def _held(old: Mapping[str, Any], claim: Mapping[str, Any]) -> Change:
    """A claim that no longer held is worse; in a control one that is no longer refuted."""
    wanted = "refuted" if old["negative_control"] else "held"
    return "better" if claim["outcome"] == wanted else "worse"


def _row(
    title: str, figure: str, before: float | None, now: float | None, noise: float, show: Any
) -> Row:
    """`noise` is what may differ without meaning anything; below zero, more is better."""
    if before is None or now is None:
        change: Change = "same"
    else:
        allowed = abs(noise) if noise < 0 else max(noise, _NOISE * before)
        grown = now - before
        if abs(grown) <= allowed:
            change = "same"
        else:
            change = "better" if (grown > 0) == (noise < 0) else "worse"
    return Row(title, figure, show(before), show(now), change)


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} ms"
