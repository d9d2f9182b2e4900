"""What an inventory says wrongly is an error before anything is played."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.manager import VariableManager
from typed_playbook import typed

ROOT = Path(__file__).parents[3]
INVENTORIES = ROOT / "inventory"
REFUSED = 4


def status(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A playbook that is never played: what is wrong with its inventory is said before."""
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "COLUMNS": "500"}
    return typed("status.yml", *arguments, folder=ROOT, environment=environment)


@pytest.mark.parametrize("file", ["group_vars/service.yml", "host_vars/resilience-demo.yml"])
def test_a_misspelt_variable_of_a_file_beside_the_inventory_is_refused(
    file: str, tmp_path: Path
) -> None:
    copy = tmp_path / "inventory"
    shutil.copytree(INVENTORIES / "local", copy)
    (copy / file).parent.mkdir(exist_ok=True)
    with (copy / file).open("a") as variables:
        variables.write("service_stack_ssh_cdir: 203.0.113.0/24\n")

    refused = status("-i", copy)

    assert refused.returncode == REFUSED, refused.stdout + refused.stderr
    [line] = refused.stderr.splitlines()
    assert "'service_stack_ssh_cdir' is no variable here; did you mean service_stack_ssh_c" in line


@pytest.mark.parametrize("names", [("local",), ("aws",), ("local", "unkind")], ids="+".join)
def test_nothing_of_the_projects_inventories_is_called_misspelt(
    names: Sequence[str], plugin: ModuleType
) -> None:
    loader = DataLoader()
    inventory = InventoryManager(loader, sources=[str(INVENTORIES / name) for name in names])
    manager = VariableManager(loader, inventory)

    found = plugin.inventory_variables(manager, inventory.get_hosts("all"))

    assert found >= {"backend", "observation_rate", "inventory_hostname"}
    assert plugin.wrong_variables({}, found) == []


def test_a_misspelt_variable_of_the_command_line_is_one_line() -> None:
    refused = status("-e", "service_stack_ssh_cdir=203.0.113.0/24")

    assert refused.returncode == REFUSED
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "left"), [("release", "release"), ("service_stack_release=a b", "b")]
)
def test_what_is_no_name_with_a_value_is_one_line(given: str, left: str) -> None:
    refused = status("-e", given)

    assert refused.returncode == REFUSED
    [line] = refused.stderr.splitlines()
    assert f"-e {left!r} is no setting; name=value is expected" in line


def test_an_inventory_without_the_stacks_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text("stacks: {hosts: {resilience-demo: }}\n")

    refused = status("-i", tmp_path / "hosts.yml")

    assert refused.returncode == REFUSED, refused.stdout + refused.stderr
    [line] = refused.stderr.splitlines()
    assert "No host is in the inventory's group 'service'. Look at --limit, and at the " in line


@pytest.mark.parametrize("limit", ["nobody", "resilience-demo,nobody"])
def test_a_limit_that_names_nothing_is_one_line(limit: str) -> None:
    refused = status("--limit", limit)

    assert refused.returncode != 0
    assert refused.stdout.strip() == ""
    [line] = refused.stderr.splitlines()
    assert line == "[ERROR]: Could not match supplied host pattern, ignoring: nobody"


def test_an_inventory_of_another_project_is_one_line(tmp_path: Path) -> None:
    foreign = tmp_path / "hosts.yml"
    foreign.write_text("service: {hosts: {web: {backend: local}}}\n")

    for inventory, host, missing in (
        (foreign, "web", "aws_environment, aws_region"),
        (INVENTORIES, "resilience-demo", "aws_environment, aws_region, backend"),
    ):
        refused = status("-i", inventory)
        assert refused.returncode == REFUSED, refused.stdout + refused.stderr
        assert refused.stderr.splitlines()[-1] == (
            f"[ERROR]: The inventory {inventory} does not set {missing} for {host}. Name one that "
            "does, with its folder: -i inventory/local, or -i inventory/aws"
        )
