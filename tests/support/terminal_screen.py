"""What somebody sees on a terminal, from what was written to it.

Only what our own programs write is understood: lines, carriage returns, colours, and the sequences
that erase a line and go up one.
"""

from __future__ import annotations

import re
import unicodedata

_PART = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])|(\r)|(\n)|([^\x1b\r\n]+)|(\x1b)")
_WHOLE = re.compile(r"[A-Za-z0-9_.:/-]{30,}")


class TerminalScreen:
    """`lines` are what is seen in the end, `widest` the most cells that a line ever took.

    A text with a word that fits on no line, an ARN or a path, stays whole to be copied, and the
    terminal breaks it: of such a line only the other words are counted.
    """

    def __init__(self, written: str) -> None:
        self.lines: list[str] = [""]
        self.widest = 0
        self.unknown: set[str] = set()
        self._row = self._column = 0
        for match in _PART.finditer(written):
            self._take(match)
        self.lines = [line.rstrip() for line in self.lines]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def _take(self, match: re.Match[str]) -> None:
        parameters, command, returned, ended, text, _ = match.groups()
        if returned:
            self._column = 0
        elif ended:
            self._row += 1
            if self._row == len(self.lines):
                self.lines.append("")
        elif text:
            line = self.lines[self._row].ljust(self._column)
            self.lines[self._row] = line[: self._column] + text + line[self._column + len(text) :]
            self._column += len(text)
            self.widest = max(self.widest, cells(_WHOLE.sub("", self.lines[self._row])))
        elif command == "A":
            self._row = max(0, self._row - int(parameters or 1))
        elif command == "K" and parameters == "2":
            self.lines[self._row] = ""
        elif command != "m":
            self.unknown.add(match.group())


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
