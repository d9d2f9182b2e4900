"""Lay out the collection resilient.service and build it, with the Python package that it needs.

    python collection/build.py FOLDER

It holds what works on anybody's service. What drives this project's own stack stays in the
checkout, with the playbooks whose checks protect it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "resilient.service"
MODULES = (
    *("dynamodb_items", "http_probe", "instance_profile_association", "instance_reboot"),
    *("observation", "report", "server_archive", "service_status", "stack_difference"),
    *("stack_state", "target_health", "template_values", "verdict"),
)
ROLES = ("instance_credentials",)
PACKAGE = "evidence"
"""The Python package below packages/ that observation, verdict, report and http_probe import."""

_SHARED = re.compile(r"\bansible\.module_utils\.resilience\b")
_SHARED_FILE = re.compile(
    r"^from ansible\.module_utils\.resilience(?:\.(\w+))? import \(?\s*(\w+)", re.MULTILINE
)
_SHARED_THERE = f"ansible_collections.{NAME}.plugins.module_utils"
_NAMED = "|".join(MODULES)
_IN_DOCUMENTATION = re.compile(rf"\bM\(({_NAMED})\)")
_IN_EXAMPLES = re.compile(rf"^(\s+)({_NAMED}):$", re.MULTILINE)
_EXAMPLES = re.compile(r'^EXAMPLES = r"""$.*?^"""$', re.MULTILINE | re.DOTALL)


def in_collection(source: str) -> str:
    """A module's or a plugin's source with the names that things have in the collection."""
    source = _SHARED.sub(_SHARED_THERE, source)
    source = _IN_DOCUMENTATION.sub(rf"M({NAME}.\1)", source)
    return _EXAMPLES.sub(lambda found: _IN_EXAMPLES.sub(rf"\1{NAME}.\2:", found[0]), source)


def lay_out(folder: Path) -> None:
    for module in MODULES:
        _copy(ROOT / "library" / f"{module}.py", folder / "plugins" / "modules")
        action = ROOT / "action_plugins" / f"{module}.py"
        if action.exists():
            _copy(action, folder / "plugins" / "action")
    for shared in shared_by(ROOT / "library" / f"{module}.py" for module in MODULES):
        _copy(shared, folder / "plugins" / "module_utils")
    for role in ROLES:
        shutil.copytree(ROOT / "roles" / role, folder / "roles" / role)
    for file in ("README.md", "galaxy.yml", "meta/runtime.yml"):
        _copy(ROOT / "collection" / file, (folder / file).parent)
    for file in ("CHANGELOG.md", "LICENSE"):
        _copy(ROOT / file, folder)


def shared_by(users: Iterable[Path]) -> set[Path]:
    """The files of module_utils/ that these import, and those that they import in turn."""
    found: set[Path] = set()
    unread = list(users)
    while unread:
        imported = _SHARED_FILE.findall(unread.pop().read_text())
        files = {ROOT / "module_utils/resilience" / f"{file or name}.py" for file, name in imported}
        unread += files - found
        found |= files
    return found


def _copy(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = file.read_text()
    (folder / file.name).write_text(in_collection(text) if file.suffix == ".py" else text)


def build(destination: Path) -> None:
    """Leave the collection's archive and the package's wheel in the folder, and no older ones."""
    destination.mkdir(parents=True, exist_ok=True)
    for made in (f"{NAME.replace('.', '-')}-*.tar.gz", f"{PACKAGE}-*.whl"):
        for older in destination.glob(made):
            older.unlink()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lay_out(folder)
        _run("ansible-galaxy", "collection", "build", folder, "--output-path", destination)
    package = ROOT / "packages" / PACKAGE
    _run("hatchling", "build", "--target", "wheel", "--directory", destination, folder=package)


def _run(command: str, *arguments: str | Path, folder: Path = ROOT) -> None:
    """A command of the virtual environment that this runs in."""
    subprocess.run([Path(sys.executable).parent / command, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    build(parser.parse_args().folder.resolve())
