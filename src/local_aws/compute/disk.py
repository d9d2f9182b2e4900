"""An instance's disk: a folder that holds what the instance would see as `/`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from local_aws.compute.cloud_config import WriteFile
from local_aws.compute.systemd_unit import UnitError
from local_aws.private_folder import private_folder

_OWNER_BITS = 0o700
_UNIT_FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")


class Disk:
    """Everything below `root` is for this user only, whatever permissions were asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def is_blank(self) -> bool:
        """True until the first boot."""
        return not self.root.exists()

    def format(self) -> None:
        for folder in ("tmp", "root", "var/lib"):
            private_folder(self.root / folder)

    def path(self, inside: str | PurePosixPath) -> Path:
        """Where an absolute path of the instance is on the host. Raises ValueError on '..'."""
        relative = PurePosixPath(inside).relative_to("/")
        if ".." in relative.parts:
            raise ValueError(f"{inside} leaves the instance's disk")
        return self.root / relative

    def make_folder(self, inside: str) -> Path:
        return private_folder(self.path(inside))

    def write(self, file: WriteFile) -> None:
        path = self.path(file.path)
        private_folder(path.parent)
        with path.open("ab" if file.append else "wb") as output:
            output.write(file.content)
        path.chmod(file.mode & _OWNER_BITS)

    def unit_text(self, name: str) -> str:
        """The text of a unit file. Raises UnitError when the disk has none."""
        for folder in _UNIT_FOLDERS:
            path = self.path(f"{folder}/{name}")
            if path.is_file():
                return path.read_text()
        raise UnitError(f"{name}: there is no such unit in {', '.join(_UNIT_FOLDERS)}")

    def host_word(self, word: str) -> str:
        """A word of a command or a variable: the path of a file on this disk becomes the host's."""
        if word.startswith("/") and ".." not in PurePosixPath(word).parts:
            path = self.path(word)
            if path.exists():
                return str(path)
        return word

    def host_command(self, unit: str, words: Sequence[str]) -> list[str]:
        """The command as the host can run it.

        Its program is a file of this disk or the image's Python; no other program of the host,
        a shell least of all, is within reach. Raises UnitError.
        """
        program, *arguments = words
        on_disk = self.host_word(program)
        if on_disk == program and program != sys.executable:
            if not PurePosixPath(program).name.startswith("python"):
                raise UnitError(f"{unit}: {program} is neither on the instance's disk nor Python")
            on_disk = sys.executable
        return [on_disk, *(self.host_word(argument) for argument in arguments)]
