"""Counts of replies by kind, in words and as a bar."""

from __future__ import annotations

from collections.abc import Mapping

CELLS = 20
SIGNS = {"real": "█", "static": "▓", "error": "░"}
"""Distinguishable without colours, too. Any other kind is drawn as an error."""


def counted(counts: Mapping[str, int]) -> str:
    """Counts as shares in words: "96% real, 4% error"."""
    total = sum(counts.values())
    return ", ".join(f"{_percent(count, total)} {name}" for name, count in counts.items() if count)


def bar(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """The parts of a bar, each with its kind. A kind that there is has a cell at least."""
    present = {kind: count for kind, count in counts.items() if count}
    total = sum(present.values())
    if not total:
        return []
    widths = {kind: max(1, CELLS * count // total) for kind, count in present.items()}
    most = max(widths, key=lambda kind: present[kind])
    widths[most] += CELLS - sum(widths.values())
    return [(kind, SIGNS.get(kind, SIGNS["error"]) * width) for kind, width in widths.items()]


def _percent(count: int, total: int) -> str:
    """No share is rounded to all or to nothing."""
    share = 100 * count / total
    if 0 < share < 1:
        return "<1%"
    if 99 < share < 100:
        return ">99%"
    return f"{share:.0f}%"
