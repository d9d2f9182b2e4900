"""A module's documentation, its argument spec and its examples say the same."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted((ROOT / "library").glob("*.py"))
MODULES_OF_COLLECTION = runpy.run_path(str(ROOT / "collection/build.py"))["MODULES"]
ACTION_PLUGINS = ROOT / "action_plugins"

Options = dict[str, dict[str, Any]]


class SpecCaptured(Exception):  # noqa: N818 - it is not an error
    """Carries a module's argument spec out of its `main()`."""


def argument_spec(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Options, bool]:
    """The argument spec that is handed to Ansible, and whether check mode is supported."""
    action_plugin = ACTION_PLUGINS / path.name
    if action_plugin.exists():
        plugin = runpy.run_path(str(action_plugin))
        supports_check_mode = plugin["ActionModule"]._supports_check_mode
        return plugin["SPECIFICATION"]["argument_spec"], supports_check_mode

    def capture(_: AnsibleModule, argument_spec: Options, **options: Any) -> None:
        raise SpecCaptured(argument_spec, options.get("supports_check_mode", False))

    monkeypatch.setattr(AnsibleModule, "__init__", capture)
    with pytest.raises(SpecCaptured) as captured:
        runpy.run_path(str(path), run_name="__main__")
    spec, supports_check_mode = captured.value.args
    return spec, supports_check_mode


def comparable(options: Options, nested: str) -> Options:
    """Options in one form, documented (nested: suboptions) or specified (nested: options)."""
    return {
        name: {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "required": option.get("required", False),
            "default": option.get("default"),
            "choices": option.get("choices"),
            "aliases": sorted(option.get("aliases", [])),
            "options": comparable(option.get(nested) or {}, nested),
        }
        for name, option in options.items()
    }


@pytest.fixture(scope="module")
def documentation() -> dict[str, dict[str, Any]]:
    """What ansible-doc shows of each module: doc, examples and return, fragments merged in."""
    shown = subprocess.run(
        [Path(sys.executable).parent / "ansible-doc", "--json", *(path.stem for path in MODULES)],
        cwd=ROOT,
        env=os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    return json.loads(shown.stdout)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_documentation_is_the_argument_spec(
    path: Path, documentation: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = documentation[path.stem]["doc"]
    spec, supports_check_mode = argument_spec(path, monkeypatch)
    assert doc["filename"] == str(path)
    assert comparable(doc["options"], "suboptions") == comparable(spec, "options")
    assert (doc["attributes"]["check_mode"]["support"] == "full") == supports_check_mode
    assert {"check_mode", "diff_mode", "idempotent"} <= set(doc["attributes"])


@pytest.mark.parametrize("name", MODULES_OF_COLLECTION)
def test_what_the_collection_needs_evidence_for_says_so(
    name: str, documentation: dict[str, dict[str, Any]]
) -> None:
    """The collection does not bring it; in the checkout it is always there."""
    folders = (ROOT / "library", ACTION_PLUGINS)
    files = [path for folder in folders if (path := folder / f"{name}.py").exists()]
    imports = any(
        re.search(r"^ *from evidence\b", each.read_text(), re.MULTILINE) for each in files
    )
    said = documentation[name]["doc"].get("requirements", [])
    assert any(each.startswith("evidence,") for each in said) == imports


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_use_what_is_documented(
    path: Path, documentation: dict[str, dict[str, Any]]
) -> None:
    options = documentation[path.stem]["doc"]["options"]
    examples = yaml.safe_load(documentation[path.stem]["examples"])
    used = [task[path.stem] for task in examples if path.stem in task]
    assert used, "no example"
    required = {name for name, option in options.items() if option.get("required")}
    for arguments in used:
        assert required <= set(arguments) <= set(options)
