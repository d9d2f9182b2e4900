# GNU General Public License v3.0+ (see LICENSE)
"""One archive with a Python program and all that it needs, the same bytes on every machine."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

Members = Mapping[str, bytes]
"""Contents by the names that they have in the archive."""

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the oldest that zip can express
_MAIN = "import runpy\n\nrunpy.run_module({!r}, run_name='__main__')\n"
_LEFT_OUT = (
    "botocore/data/",  # descriptions of all services, 19 MB: the server builds its few calls itself
    *("cherrypy/test/", "cherrypy/tutorial/", "cheroot/test/"),
)


class ArchiveError(Exception):
    """What does not fit together, in one line."""


def build(source: Path, wheels: Iterable[Path], *, bytecode: bool) -> bytes:
    """The package in `source` and the wheels' contents, as a folder that `python <folder>` runs.

    With `bytecode` the modules are there compiled, for the Python that builds it, which makes half
    the files and a faster start; without, the bytes depend on nothing but sources and wheels.
    Nothing is compressed: zlib's output differs from one implementation to another.
    """
    members: dict[str, bytes] = {}
    for part in (*map(_wheel, wheels), _package(source)):
        for name, content in part.items():
            if members.setdefault(name, content) != content:
                raise ArchiveError(f"{name} is in two wheels, with different contents")
    if bytecode:
        others = {name: content for name, content in members.items() if not _is_module(name)}
        members = others | _compiled(members)
    return _zipped(members)


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _package(source: Path) -> Members:
    files = [*source.glob("*.py"), *source.glob("*.json")]
    return {
        "__main__.py": _MAIN.format(source.name).encode(),
        **{f"{source.name}/{path.name}": path.read_bytes() for path in files},
    }


def _wheel(path: Path) -> Members:
    """What pip would put into site-packages: a pure Python wheel holds just that."""
    with zipfile.ZipFile(path) as wheel:
        return {
            name: wheel.read(name)
            for name in wheel.namelist()
            if not name.endswith(("/", ".pth"))
            and ".data/" not in name.partition("/")[0] + "/"
            and not name.startswith(_LEFT_OUT)
        }


def _is_module(name: str) -> bool:
    return name.endswith(".py")


def _compiled(members: Members) -> dict[str, bytes]:
    """The modules' bytecode in the place of their sources, where Python looks for it, too.

    A process of its own makes it, so that nothing that runs here already is in it.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in members.items():
            if _is_module(name):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content)
        command = [sys.executable, "-s", "-S", "-m", "compileall", "-q", "-b"]
        command += ["--invalidation-mode", "unchecked-hash", "-s", folder, folder]
        environment = {"PYTHONHASHSEED": "0"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ArchiveError(" ".join((done.stdout + done.stderr).split()))
        return {
            path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.pyc")
        }


def _zipped(members: Members) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.external_attr = 0o644 << 16
            info.create_system = 3  # Unix, whatever builds it
            archive.writestr(info, members[name])
    return buffer.getvalue()
