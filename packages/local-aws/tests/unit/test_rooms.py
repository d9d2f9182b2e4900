"""Each room's docstring names what is in it, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import local_aws

SOURCE = Path(local_aws.__file__).parent
ROOMS = sorted(path.parent for path in SOURCE.rglob("__init__.py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(SOURCE.parent)))
def test_a_room_names_what_is_in_it(room: Path) -> None:
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    present = {path.name for path in room.glob("[!_]*.py")}
    present |= {f"{path.parent.name}/" for path in room.glob("*/__init__.py")}
    named = set(re.findall(r"\b[a-z0-9_]+(?:\.py\b|/)", text))
    assert present - named == set()
    assert {name for name in named - present if not (room / name).exists()} == set()
