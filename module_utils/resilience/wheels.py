# GNU General Public License v3.0+ (see LICENSE)
"""The wheels that a lock names, kept in a folder by their SHA-256."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

_LINE = re.compile(r"(?P<requirement>\S+==\S+) --hash=sha256:(?P<digest>[0-9a-f]{64})")


class WheelError(Exception):
    """What the lock says that cannot be had, in one line."""


def locked(requirements: Path) -> dict[str, str]:
    """Each requirement's only wheel, by its SHA-256. Raises WheelError and OSError."""
    wheels = {}
    for line in requirements.read_text().splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise WheelError(f"{requirements}: not a name, a version and one hash: {line[:100]!r}")
        wheels[found["digest"]] = found["requirement"]
    return wheels


def fetched(requirements: Path, folder: Path, python: str) -> list[Path]:
    """The wheels in the lock's order, each verified; pip downloads those that `folder` lacks.

    `python` is the version they are for, such as 3.11. They have no code for one architecture, so
    they run on x86_64 and arm64 alike. Raises WheelError and OSError.
    """
    wheels = {digest: folder / f"{digest}.whl" for digest in locked(requirements)}
    if not all(_is(path, digest) for digest, path in wheels.items()):
        _download(requirements, folder, python)
    for digest, path in wheels.items():
        if not _is(path, digest):
            raise WheelError(f"{requirements}: pip downloaded no wheel with SHA-256 {digest}")
    return list(wheels.values())


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _download(requirements: Path, folder: Path, python: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that a rename is enough: another play may download the same.
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes"]
        command += ["--no-deps", "--only-binary", ":all:", "--platform", "any"]
        command += ["--python-version", python, "--dest", scratch, "--requirement"]
        done = subprocess.run(
            [*command, str(requirements)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no word"]
            raise WheelError(f"pip cannot download what {requirements} locks: {lines[-1]}")
        for path in Path(scratch).iterdir():
            path.replace(folder / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.whl")
