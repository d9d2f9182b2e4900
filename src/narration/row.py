"""One thing that is said: a label, a text, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["plain", "heading", "good", "doubtful", "bad", "quiet"]


@dataclass(frozen=True)
class Row:
    """`shares` are counts of replies by kind, drawn as a bar before the text.

    A row without a label begins where the labels do, unless it is a `detail` of the one above.
    `number` stands before the label, such as "3/8".
    """

    text: str = ""
    label: str = ""
    tone: Tone = "plain"
    seconds: float | None = None
    shares: Mapping[str, int] = field(default_factory=dict)
    detail: bool = False
    number: str = ""


BLANK = Row()
