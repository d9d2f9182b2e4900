"""`make collection` builds a collection that stands on its own, without the checkout."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from ansible_collections.amazon.aws.plugins.module_utils.common import AMAZON_AWS_COLLECTION_VERSION
from built_collection import ROOT, build, install, run

NAME = "resilient.service"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "resilient-service-0.0.1.tar.gz").touch()
    build(folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder below which the collection is all that Ansible finds."""
    folder = tmp_path_factory.mktemp("somewhere else")
    install(built, folder)
    return folder


def modules(installed: Path) -> list[str]:
    found = (installed / "ansible_collections/resilient/service/plugins/modules").glob("*.py")
    return sorted(path.stem for path in found)


def test_it_is_of_the_projects_version(built: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "collection/galaxy.yml").read_text())["version"] == version
    assert f"## {version} - " in (ROOT / "CHANGELOG.md").read_text()
    archives = {path.name for path in built.iterdir()}
    assert f"resilient-service-{version}.tar.gz" in archives
    assert len(archives) == 2  # and the wheel; the older one is gone


def test_a_controller_is_told_of_the_amazon_aws_that_is_locked() -> None:
    [named] = yaml.safe_load((ROOT / "requirements.yml").read_text())["collections"]
    assert (named["name"], named["version"]) == ("amazon.aws", AMAZON_AWS_COLLECTION_VERSION)


def test_each_module_and_role_is_documented_by_the_name_it_has_there(installed: Path) -> None:
    names = [f"{NAME}.{module}" for module in modules(installed)]
    assert len(names) >= 10
    shown = run("ansible-doc", "--json", *names, folder=installed)
    documents = json.loads(shown.stdout)
    assert set(documents) == set(names)
    for name, document in documents.items():
        assert f"{name}:" in document["examples"]
    role = run("ansible-doc", "--type", "role", f"{NAME}.instance_credentials", folder=installed)
    assert "Leaves exactly one instance without credentials" in role.stdout
    readme = (ROOT / "collection/README.md").read_text()
    assert [module for module in modules(installed) if f"`{module}`" not in readme] == []


def test_each_module_can_be_imported_without_the_checkout(installed: Path) -> None:
    """Then it says what it was not given."""
    tasks = [
        {"name": module, f"{NAME}.{module}": {}, "ignore_errors": True}
        for module in modules(installed)
    ]
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    (installed / "empty.yml").write_text(yaml.safe_dump(play))
    played = run("ansible-playbook", "empty.yml", folder=installed)
    assert played.returncode == 0, played.stdout
    assert played.stdout.count('"msg": "missing required arguments: ') == len(tasks), played.stdout


def test_modules_that_call_aws_share_their_defaults(installed: Path) -> None:
    runtime = yaml.safe_load((ROOT / "collection/meta/runtime.yml").read_text())
    names = [f"{NAME}.{module}" for module in modules(installed)]
    documents = json.loads(run("ansible-doc", "--json", *names, folder=installed).stdout)
    with_region = {
        name.removeprefix(f"{NAME}.")
        for name, document in documents.items()
        if "profile" in document["doc"]["options"]
    }
    assert with_region == set(runtime["action_groups"]["aws"])


def test_an_execution_environment_can_be_made_of_it(tmp_path: Path) -> None:
    """As far as that goes without a container engine: the context with all its files."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "collection").mkdir()
    for file in ("requirements/runtime.txt", "collection/execution-environment.yml"):
        (tmp_path / file).write_text((ROOT / file).read_text())
    build(tmp_path / "dist")
    made = run(
        *("ansible-builder", "create", "--file", "collection/execution-environment.yml"),
        *("--context", "dist/context", "--output-filename", "Containerfile"),
        folder=tmp_path,
    )
    assert made.returncode == 0, made.stdout
    locked = (ROOT / "requirements/runtime.txt").read_text()
    described = yaml.safe_load((ROOT / "collection/execution-environment.yml").read_text())
    assert f"{described['dependencies']['ansible_core']['package_pip']} \\" in locked
    lines = (tmp_path / "dist/context/Containerfile").read_text()
    files = {path.name for path in (tmp_path / "dist/context/_build").rglob("*")}
    for pattern in (r"runtime\.txt", r"evidence-.*\.whl", r"resilient-service-.*\.tar\.gz"):
        assert [name for name in files if re.fullmatch(pattern, name)]
        assert pattern.split("-")[0].replace("\\", "") in lines
