"""Writes docs/behaviours.md from the contract tests.

python packages/local-aws/tests/contract/behaviours.py
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent
PAGE = _HERE.parents[1] / "docs" / "behaviours.md"

_INTRODUCTION = """\
# AWS's behaviours that are tested

Each row is a test in `tests/contract/`: the behaviour with underscores is its name
(`pytest tests/contract -k a_new_target_is_initial`). The second column is where AWS documents it,
or why the row is there. The page is written from the tests, by
`python packages/local-aws/tests/contract/behaviours.py`.
"""


def page() -> str:
    return "\n".join(
        [_INTRODUCTION, *(_section(path) for path in sorted(_HERE.rglob("test_*.py")))]
    )


def _section(path: Path) -> str:
    module = ast.parse(path.read_text())
    rows = list(_rows(module))
    if not rows:
        return ""
    lines = [
        f"## {path.relative_to(_HERE)}",
        "",
        _text(module),
        "",
        "| behaviour | source |",
        "|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def _rows(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            behaviour = node.name.removeprefix("test_").replace("_", " ").replace(" s ", "'s ")
            yield f"| {behaviour} | {_linked(_text(node))} |"


def _text(node: ast.Module | ast.FunctionDef) -> str:
    return " ".join((ast.get_docstring(node) or "").split())


def _linked(text: str) -> str:
    """An address as a link by its last part."""
    return re.sub(r"https://\S+/([\w-]+)\.html", r"[\1](\g<0>)", text)


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=plain).parse_args()
    PAGE.write_text(page())
