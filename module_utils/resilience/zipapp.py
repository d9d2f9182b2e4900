"""Builds the recommendation server's one-file application, the same bytes on every machine."""

from __future__ import annotations

import ast
import gzip
import io
import zipfile
from pathlib import Path

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the oldest that zip can express
_MAIN = "import runpy\n\nrunpy.run_module('recommendation_server', run_name='__main__')\n"


def build_zipapp(source_dir: Path | str) -> bytes:
    """The package in `source_dir` as an application that `python <file>` runs.

    Equal sources give equal bytes, so that a launch template changes only when the code does.
    Nothing is compressed inside: `gz+b64` around the whole makes it smaller than deflating each
    small file for itself. Comments and docstrings stay behind, for user data may have 16 KB; each
    line keeps its number, so a traceback fits the source.
    """
    source = Path(source_dir)
    members = {
        f"{source.name}/{path.name}": without_prose(path.read_text(encoding="utf-8"))
        for path in source.glob("*.py")
    }
    members["__main__.py"] = _MAIN
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.external_attr = 0o644 << 16
            info.create_system = 3  # Unix, whatever builds it
            archive.writestr(info, members[name])
    return buffer.getvalue()


def without_prose(source: str) -> str:
    """`source` without docstrings and whole-line comments; the lines they took stay, empty."""
    lines = source.splitlines()
    tree = ast.parse(source)
    inside_strings: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno != node.lineno:
            inside_strings.update(range(node.lineno, (node.end_lineno or 0)))
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#") and number not in inside_strings:
            lines[number] = ""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Module(body=body) | ast.ClassDef(body=body) | ast.FunctionDef(body=body)
            ) if len(body) > 1 and ast.get_docstring(node) is not None:
                docstring = body[0]
                lines[docstring.lineno - 1 : docstring.end_lineno] = [""] * (
                    (docstring.end_lineno or 0) - docstring.lineno + 1
                )
    return "\n".join(lines) + "\n"


def compressed(content: bytes) -> bytes:
    """gzip without a time stamp."""
    return gzip.compress(content, 9, mtime=0)
