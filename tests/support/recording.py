"""A picture of what a command shows on a terminal, in its colours.

python tests/support/recording.py docs/terminal.svg ansible-playbook scenario.yml --tags fail-open
"""

from __future__ import annotations

import argparse
import fcntl
import io
import os
import pty
import re
import struct
import termios
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 100
# Nothing is fetched to look at the picture.
_WEB_FONT = re.compile(r"\s*@font-face \{\{.*?\}\}", re.DOTALL)
_PART = re.compile(r"(\r?\n)|(\x1b\[1A)|(\r?\x1b\[2K)|([^\r\n\x1b]+|\x1b\[[0-9;]*m)|(\r)")


def left_on_screen(written: str) -> list[str]:
    """The lines that stay, with their colours: what was drawn again and again is gone."""
    lines = [""]
    for ended, up, erased, text, _ in _PART.findall(written):
        if ended:
            lines.append("")
        elif up:
            lines.pop()
        elif erased:
            lines[-1] = ""
        else:
            lines[-1] += text
    return lines


def picture(lines: list[str], title: str) -> str:
    """An SVG of these lines."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor")
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True, highlight=False)
    return console.export_svg(title=title, code_format=_WEB_FONT.sub("", CONSOLE_SVG_FORMAT))


def of_anybodys(lines: list[str]) -> list[str]:
    """Without the first block, the preflight's, and without where this checkout is."""
    blocks = "\n".join(lines).replace(f"{ROOT}/", "").strip("\n").split("\n\n")
    return "\n\n".join(blocks[1:]).split("\n")


def written_by(command: list[str]) -> str:
    """What a command writes to a terminal of its own, to its end."""
    process, screen = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color"})  # noqa: S606 - words, not a shell's line
    parts = []
    while True:
        try:
            part = os.read(screen, 65536)
        except OSError:  # Linux's way to say that nobody is left
            part = b""
        if not part:
            os.waitpid(process, 0)
            return b"".join(parts).decode(errors="replace")
        parts.append(part)


def main() -> None:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("picture", type=Path)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    command = [given.program, *given.arguments]
    lines = of_anybodys(left_on_screen(written_by(command)))
    given.picture.write_text(picture(lines, " ".join(command)) + "\n")


if __name__ == "__main__":
    main()
