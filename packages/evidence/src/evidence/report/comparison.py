"""Two runs side by side: which figures got better, which got worse. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evidence.judge.statistics import percent
from evidence.judge.verdict import wanted_outcome
from evidence.report.repetitions import TIMES
from evidence.report.run_record import RunRecord

Change = Literal["same", "better", "worse", "new", "gone"]

_NOISE = 0.25
"""Times and latencies that differ by less than this part are taken as equal: runs are noisy."""
_NOISE_MS = 5.0
_NOISE_SECONDS = 1.0
_NOISE_SHARE = 1e-9


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
        Row(
            title,
            claim["claim"],
            outcomes[claim["claim"]],
            claim["outcome"],
            _change_of_claim(old, claim),
        )
        for claim in new["claims"]
        if outcomes.get(claim["claim"], claim["outcome"]) != claim["outcome"]
    ]
    before, now = old["figures"], new["figures"]
    rows.append(_share(title, before["success_share"], now["success_share"]))
    for name in TIMES:
        # An older run has no time to restore.
        times = before["time_to_seconds"].get(name), now["time_to_seconds"].get(name)
        rows.append(_time(title, f"time to {name}", *times, _NOISE_SECONDS, _seconds))
    for name in ("p50", "p95", "p99"):
        latencies = before["latency_ms"]["all"][name], now["latency_ms"]["all"][name]
        rows.append(_time(title, f"latency {name}", *latencies, _NOISE_MS, _milliseconds))
    return [row for row in rows if (row.before, row.now) != ("-", "-")]


def _change_of_claim(old: Mapping[str, Any], claim: Mapping[str, Any]) -> Change:
    """A claim that no longer held is worse; in a control one that is no longer refuted."""
    wanted = wanted_outcome(claim, old["negative_control"]) or "refuted"
    return "better" if claim["outcome"] == wanted else "worse"


def _share(title: str, before: float | None, now: float | None) -> Row:
    """More of it is better."""
    gain = None if before is None or now is None else now - before
    return Row(title, "success share", percent(before), percent(now), _change(gain, _NOISE_SHARE))


def _time(
    title: str,
    figure: str,
    before: float | None,
    now: float | None,
    noise: float,
    show: Callable[[float | None], str],
) -> Row:
    """Less of it is better."""
    gain = None if before is None or now is None else before - now
    allowed = max(noise, _NOISE * (before or 0.0))
    return Row(title, figure, show(before), show(now), _change(gain, allowed))


def _change(gain: float | None, noise: float) -> Change:
    """`gain` is by how much a figure is better than before; so much noise means nothing."""
    if gain is None or abs(gain) <= noise:
        return "same"
    return "better" if gain > 0 else "worse"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} ms"
