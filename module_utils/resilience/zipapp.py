"""Builds the recommendation server's one-file application, the same bytes on every machine."""

from __future__ import annotations

import ast
import io
import tokenize
import zipfile
from pathlib import Path

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the oldest that zip can express
_MAIN = "import runpy\nrunpy.run_module('recommendation_server', run_name='__main__')\n"


def build_zipapp(source_dir: Path | str) -> bytes:
    """The package in `source_dir` as an application that `python <file>` runs.

    Equal sources give equal bytes, so that a launch template changes only when the code does.
    Nothing is compressed inside, because `gz+b64` around the whole makes it smaller than deflating
    each small file for itself. Comments and docstrings stay behind: user data has 16 KB.
    """
    source = Path(source_dir)
    members = {
        f"{source.name}/{path.name}": without_prose(path.read_text(encoding="utf-8"))
        for path in source.glob("*.py")
    } | {f"{source.name}/{path.name}": path.read_text() for path in source.glob("*.json")}
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
    """`source` without comments, docstrings and empty lines, indented by one instead of four.

    It must have no multi-line strings besides docstrings.
    """
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if ast.get_docstring(node) is not None:
            first = node.body[0]
            end = first.end_lineno or first.lineno
            lines[first.lineno - 1 : end] = [""] * (end - first.lineno + 1)
            if len(node.body) == 1 and not isinstance(node, ast.Module):
                lines[end - 1] = " " * first.col_offset + "pass"
    return "".join(_indented_by_one(line) for line in lines if line.strip())


def _indented_by_one(line: str) -> str:
    code = line.strip()
    return " " * (line.index(code) // 4) + code + "\n"
