"""Rows as text: for a width or for a file, with colours or without. Pure.

3/8  static-response   When a static response stands in for the missing table, ...
     steady state      3 healthy, 100% real                               0.8 s
"""

from __future__ import annotations

import io
import re

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from evidence.report.printable import printable
from narration.row import Row, Tone
from narration.shares import bar

NUMBER_WIDTH = 5
LABEL_WIDTH = 20
FILE_WIDTH = 100
"""Where a duration ends in a file; no line is broken or cut there."""
NARROWEST = 40
_WORD = re.compile(r"\d[\d.,]* m?s\b\S*\s*|\S+\s*")
"""What no line is broken in: a number is not parted from its unit."""
_STYLES: dict[Tone, str] = {
    "plain": "",
    "heading": "bold",
    "good": "green",
    "doubtful": "yellow",
    "bad": "bold red",
    "quiet": "dim",
}
_KINDS = {"real": "green", "static": "yellow", "error": "red"}


def lines_of(row: Row, width: int | None) -> list[Text]:
    """A row as lines of at most `width` cells; as one line for each of its own without a width."""
    head, body = _head(row), _body(row)
    duration = "" if row.seconds is None else f"{row.seconds:.1f} s"
    indent = head.cell_len
    room = None if width is None else max(width, NARROWEST) - 1 - indent
    if duration and room is not None:
        room -= len(duration) + 2
    lines = [line for part in body for line in _wrapped(part, room)]
    drawn = [
        Text.assemble(head if number == 0 else Text(" " * indent), line)
        for number, line in enumerate(lines)
    ]
    if duration:
        end = (FILE_WIDTH if width is None else max(width, NARROWEST)) - 1
        gap = max(2, end - len(duration) - drawn[0].cell_len)
        drawn[0].append(" " * gap + duration, style="dim")
    for line in drawn:
        line.rstrip()
    return drawn


def foot_of(row: Row, width: int) -> Text:
    """A row as the one line that is drawn again and again: cut, never broken."""
    [line, *_] = lines_of(Row(**{**vars(row), "seconds": None}), None)
    duration = "" if row.seconds is None else f"  {row.seconds:.0f} s"
    line.truncate(max(width, NARROWEST) - 1 - len(duration), overflow="ellipsis", pad=True)
    line.append(duration, style="dim")
    return line


def ansi(line: Text, is_coloured: bool) -> str:
    """A line as a terminal takes it."""
    if not is_coloured:
        return line.plain
    # Of the sixteen colours, which follow the terminal's own theme, light or dark.
    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        width=10_000,
        no_color=False,
    )
    with console.capture() as captured:
        console.print(line, end="", soft_wrap=True, highlight=False)
    return captured.get()


def _head(row: Row) -> Text:
    style = _STYLES[row.tone]
    number = Text(row.number.ljust(NUMBER_WIDTH), style="dim")
    if row.detail:
        return Text(" " * (NUMBER_WIDTH + LABEL_WIDTH))
    if not row.label:
        return number if row.tone == "heading" else Text(" " * (NUMBER_WIDTH + 2))
    label = printable(row.label)
    padding = " " * max(2, LABEL_WIDTH - cell_len(label))
    return Text.assemble(number, (label, style or "bold"), padding)


def _body(row: Row) -> list[Text]:
    style = "" if row.label and row.tone in ("good", "heading") else _STYLES[row.tone]
    parts = [Text(printable(part), style=style) for part in row.text.split("\n")]
    if row.shares:
        drawn = Text.assemble(
            *((cells, _KINDS.get(kind, "red")) for kind, cells in bar(row.shares))
        )
        parts[0] = Text.assemble(drawn, " ", parts[0])
    return parts


def _wrapped(text: Text, room: int | None) -> list[Text]:
    if room is None or text.cell_len <= room:
        return [text]
    breaks, filled = [], 0
    for word in _WORD.finditer(text.plain):
        # One that fits nowhere, such as an ARN, stays whole, for the terminal: it can be copied.
        if filled and filled + cell_len(word[0].rstrip()) > room:
            breaks.append(word.start())
            filled = 0
        filled += cell_len(word[0])
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines
