"""local_aws/errors.py documents every exception of the package, below the class it derives from."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import local_aws
from local_aws import errors

_TREE = re.compile(r"^ {4}(?P<marks>[├─└│ ]*)(?P<name>[A-Z]\w+)  ", re.MULTILINE)

_OF_MOTO = ("AWSError", "CloudFormationError", "IAMException")


def documented() -> dict[str, str]:
    """The parent of each exception in the tree, by name."""
    parents: dict[str, str] = {}
    line: list[str] = []
    for found in _TREE.finditer(errors.__doc__ or ""):
        depth = len(found["marks"]) // 4
        line = [*line[:depth], found["name"]]
        if depth:
            parents[found["name"]] = line[-2]
    return parents


def defined() -> dict[str, str]:
    """The base class of each exception in the source, by name."""
    bases: dict[str, str] = {}
    for path in Path(local_aws.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_one = isinstance(node, ast.ClassDef) and re.search("(Error|Failed)$", node.name)
            if is_one and node.bases:
                bases[node.name] = ast.unparse(node.bases[0])
    return bases


def test_the_tree_is_complete_and_true() -> None:
    of_moto = {name for name, base in defined().items() if base.endswith("ClientError")}
    of_moto |= {name for name, base in defined().items() if base in _OF_MOTO}
    own = {name: base for name, base in defined().items() if name not in of_moto}
    assert own.pop("LocalAwsError") == "Exception"
    assert documented() == own
    assert all(name in (errors.__doc__ or "") for name in of_moto)
