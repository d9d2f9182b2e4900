"""A role's argument specs, its defaults and its task files say the same."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text()) if path.exists() else {}


def entry_points(role: Path) -> dict[str, dict[str, Any]]:
    """By entry point, its options."""
    specs = read(role / "meta" / "argument_specs.yml")["argument_specs"]
    return {name: spec.get("options", {}) for name, spec in specs.items()}


def tasks_of(role: Path, entry_point: str) -> list[str]:
    """The text of the entry point's tasks, and of those and the templates that they include."""
    found: dict[Path, str] = {}
    unread = [role / "tasks" / f"{entry_point}.yml"]
    while unread:
        path = unread.pop()
        if path not in found:
            text = found[path] = path.read_text()
            included = re.findall(r"(?:import|include)_tasks: (\S+)", text)
            unread += [role / "tasks" / name for name in included]
            unread += [
                role / "templates" / name for name in re.findall(r"template', '(.+?)'", text)
            ]
    return list(found.values())


def variables_in(role: Path, texts: list[str]) -> set[str]:
    """The role's variables that these texts read, and those that their values read in turn."""
    values = read(role / "defaults" / "main.yml") | read(role / "vars" / "main.yml")
    found: set[str] = set()
    while texts:
        names = set(re.findall(rf"\b(?:__)?{role.name}_\w+", "\n".join(texts))) - found
        found |= names
        texts = [str(values[name]) for name in names if name in values]
    return found


def variables_set_in(texts: list[str]) -> set[str]:
    """What these tasks set for each other."""
    return set(re.findall(r"\b(\w+):", "\n".join(texts)))


def imported_task_files() -> set[tuple[str, str]]:
    """(role, tasks file) of every import_role in playbooks, roles and molecule.

    A role whose name is a variable is looked for when it is played.
    """

    def in_tasks(node: Any) -> set[tuple[str, str]]:
        if isinstance(node, list):
            return {found for each in node for found in in_tasks(each)}
        if not isinstance(node, dict):
            return set()
        found = {found for each in node.values() for found in in_tasks(each)}
        for keyword in ("ansible.builtin.import_role", "ansible.builtin.include_role"):
            if keyword in node and "{{" not in node[keyword]["name"]:
                found.add((node[keyword]["name"], node[keyword].get("tasks_from", "main")))
        return found

    folders = ("playbooks", "roles", "molecule")
    files = [*ROOT.glob("*.yml")]
    files += [path for folder in folders for path in (ROOT / folder).rglob("*.yml")]
    return {found for path in files for found in in_tasks(read(path))}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_default_is_a_documented_option_and_the_other_way_round(role: Path) -> None:
    defaults = read(role / "defaults" / "main.yml")
    options = {
        name: option for each in entry_points(role).values() for name, option in each.items()
    }
    optional = {name for name, option in options.items() if not option.get("required")}
    assert optional == set(defaults)
    assert all(name.startswith(f"{role.name}_") for name in options)
    stated = {name: option["default"] for name, option in options.items() if "default" in option}
    assert stated == {name: value for name, value in defaults.items() if is_plain(value)}


def is_plain(value: object) -> bool:
    """Whether a reader of the documentation learns it from the value: no expression, no claims."""
    return "{" not in str(value) if isinstance(value, str | list) else True


@pytest.mark.parametrize(
    ("role", "entry_point"),
    [(role, name) for role in ROLES for name in entry_points(role)],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_the_options_of_an_entry_point_are_what_its_tasks_read(
    role: Path, entry_point: str
) -> None:
    options = entry_points(role)[entry_point]
    texts = tasks_of(role, entry_point)
    variables = variables_in(role, texts)
    assert options.keys() - variables == set()
    read_here = variables & read(role / "defaults" / "main.yml").keys()
    assert read_here - options.keys() - variables_set_in(texts) == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_entry_point_has_its_tasks(role: Path) -> None:
    for name in entry_points(role):
        assert (role / "tasks" / f"{name}.yml").exists()


def test_whatever_is_imported_is_an_entry_point() -> None:
    known = {(role.name, name) for role in ROLES for name in entry_points(role)}
    assert imported_task_files() - known == set()
