"""The library's docstring lists each of its exceptions, below the class that it derives from."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import evidence

_LISTED = re.compile(r"^(?P<indent>(?: {4})*)(?P<name>[A-Z]\w+)(?:  |$)", re.MULTILINE)


def documented() -> dict[str, str]:
    """The parent of each exception in the tree, by name; without Python's own."""
    parents: dict[str, str] = {}
    line: list[str] = []
    for found in _LISTED.finditer((evidence.__doc__ or "").partition("\nException\n")[2]):
        depth = len(found["indent"]) // 4
        line = ["Exception", *line[1:depth], found["name"]]
        if not hasattr(builtins, found["name"]):
            parents[found["name"]] = line[-2]
    return parents


def defined() -> dict[str, str]:
    """The base class of each exception in the source, by name."""
    return {
        node.name: ast.unparse(node.bases[0])
        for path in Path(evidence.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error") and node.bases
    }


def test_the_tree_is_complete_and_true() -> None:
    assert documented() == defined()
