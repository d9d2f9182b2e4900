"""No play and no role knows what it runs on, but for what the inventory says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
INVENTORIES = ("local", "aws")
KNOWING = ("local_aws", "preflight")
"""The roles that start and stop the local AWS, and that refuse what is the other backend's."""
OF_ONE = {"local_aws_home", "local_aws_running", "allowed_accounts", "allowed_regions"}
"""Where the local AWS is; in which accounts and regions of AWS a play may work at all."""
FILES = sorted(
    path
    for path in (
        *ROOT.glob("*.yml"),
        *ROOT.glob("playbooks/**/*.yml"),
        *ROOT.glob("roles/**/*.yml"),
    )
    if path.relative_to(ROOT).parts[:2] not in {("roles", role) for role in KNOWING}
)
_TOLD_APART = re.compile(
    r"""['"](?:local|aws)['"]|\bis_local\b|localhost:|127\.0\.0\.1|local-aws"""
)
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_does_not_tell_backends_apart(path: Path) -> None:
    text = _COMMENT.sub("", path.read_text())
    assert _TOLD_APART.findall(text) == []


def values_of(inventory: str) -> dict[str, Any]:
    path = ROOT / "inventory" / inventory / "group_vars" / "service.yml"
    values: dict[str, Any] = yaml.safe_load(path.read_text())
    return values


def test_the_inventories_give_the_same_variables() -> None:
    given = {name: values_of(name) for name in INVENTORIES}
    local, aws = (set(given[name]) for name in INVENTORIES)
    assert local ^ aws == OF_ONE
    assert [given[name]["backend"] for name in INVENTORIES] == list(INVENTORIES)


def test_an_unkind_local_aws_is_played_at_the_timings_of_aws() -> None:
    unkind, aws = values_of("unkind"), values_of("aws")
    assert unkind.pop("local_aws_options") == ["--unkind"]
    assert unkind == {name: aws[name] for name in unkind}
    of_time = {name for name in aws if name.endswith("_seconds")}
    assert of_time - unkind.keys() == {"service_stack_longest_hold_seconds"}  # allowed locally
