#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: server_archive
short_description: Build one archive of a Python package and all that it needs
description:
  - Returns an archive that holds a package with a C(__main__.py) and the wheels that its
    C(requirements.txt) locks. Unpacked, C(python FOLDER) runs it, with nothing else installed.
  - The same sources and the same lock give the same bytes, so its SHA-256 names what runs.
  - It is built once. The wheels are downloaded once, by pip, and verified.
author:
  - The contributors of this project
options:
  source:
    description:
      - The folder on the controller that is the package, with a C(requirements.txt) whose every
        line has a name, a version, and the hash of one wheel without compiled code.
    type: path
    required: true
  cache:
    description: The folder on the controller where the archive and the wheels are kept.
    type: path
    required: true
  python:
    description: The version of the Python that will run it, such as V(3.11).
    type: str
    default: "3.11"
  bytecode:
    description:
      - Whether it holds bytecode instead of sources, for the Python that runs this module. It
        starts sooner there, and its bytes then depend on that Python, too.
    type: bool
    default: false
attributes:
  check_mode:
    description: Builds it too, since that changes nothing but the cache.
    support: full
  diff_mode:
    description: Nothing but the cache is ever changed.
    support: none
  idempotent:
    description: Nothing but the cache is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Build the web server's archive
  server_archive:
    source: files/recommendation_server
    cache: .cache
  register: server
"""

RETURN = r"""
archive:
  description: Where the archive is on the controller.
  returned: always
  type: str
sha256:
  description: Its SHA-256.
  returned: always
  type: str
size:
  description: Its size in bytes.
  returned: always
  type: int
"""

import inspect
import sys
import tempfile
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.resilience import server_archive
from ansible.module_utils.resilience.server_archive import ArchiveError
from ansible.module_utils.resilience.wheels import WheelError, fetched

KEPT_ARCHIVES = 10


def built(source: Path, cache: Path, python: str, *, bytecode: bool) -> Path:
    """The archive's place. Raises ArchiveError, WheelError and OSError."""
    if not (source / "__main__.py").is_file():
        raise ArchiveError("there is no __main__.py in it")
    wheels = fetched(source / "requirements.txt", cache / "wheels", python)
    path = cache / "archives" / f"{key(source, wheels, bytecode=bytecode)}.zip"
    if not path.exists():
        content = server_archive.build(source, wheels, bytecode=bytecode)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place, so that a rename is enough: another play may build the same.
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            partial = Path(scratch, path.name)
            partial.write_bytes(content)
            partial.replace(path)
        by_age = sorted(path.parent.glob("*.zip"), key=lambda each: each.stat().st_mtime)
        for outdated in by_age[:-KEPT_ARCHIVES]:
            outdated.unlink(missing_ok=True)
    return path


def key(source: Path, wheels: list[Path], *, bytecode: bool) -> str:
    """What the archive's bytes depend on, as a name."""
    files = sorted([*source.glob("*.py"), *source.glob("*.json")])
    parts = [f"{path.name} {server_archive.digest(path.read_bytes())}" for path in files]
    parts += [inspect.getsource(server_archive), *(path.name for path in wheels)]
    if bytecode:
        parts.append(sys.version)
    name: str = server_archive.digest("\n".join(parts).encode())
    return name


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "source": {"type": "path", "required": True},
            "cache": {"type": "path", "required": True},
            "python": {"type": "str", "default": "3.11"},
            "bytecode": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    options = module.params
    source = Path(options["source"])
    try:
        path = built(
            source, Path(options["cache"]), options["python"], bytecode=options["bytecode"]
        )
        content = path.read_bytes()
    except (ArchiveError, WheelError, OSError) as error:
        module.fail_json(msg=f"Failed to build the archive of {source}: {error}")
    module.exit_json(
        changed=False, archive=str(path), sha256=server_archive.digest(content), size=len(content)
    )


if __name__ == "__main__":
    main()
