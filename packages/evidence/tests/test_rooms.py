"""Each room's docstring names the modules that are in it, and no others."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import evidence

SOURCE = Path(evidence.__file__).parent
ROOMS = sorted(path.parent for path in SOURCE.rglob("__init__.py"))
_NAMES = re.compile(r"^([a-z_]+(?:, [a-z_]+)*)  +\S", re.MULTILINE)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(SOURCE.parent)))
def test_a_room_names_what_is_in_it(room: Path) -> None:
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    named = {name for names in _NAMES.findall(text) for name in names.split(", ")}
    modules = {path.stem for path in room.glob("[!_]*.py")}
    assert named == modules | {path.parent.name for path in room.glob("*/__init__.py")}
