"""An instance's disk: a folder that holds what the instance would see as `/`."""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from local_aws.compute import program
from local_aws.compute.cloud_config import WriteFile
from local_aws.compute.systemd_unit import UnitError
from local_aws.host.folders import private_folder

_OWNER_BITS = 0o700
_AWS = "local_aws.compute.aws_cli"
_UNIT_FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_UNIT_NAME = re.compile(r"[A-Za-z0-9:_.\\@-]{1,255}")  # systemd.unit(5)
_LARGEST_TEXT = 1_048_576  # of a unit, or an EnvironmentFile; a line of systemd's is no longer


class DiskError(ValueError):
    """A path that leaves the disk, or that does not hold what it should; says which and why."""


class Disk:
    """Everything below `root` is for this user only, whatever permissions user data names.

    What the instance's own programs create there, links for example, is not trusted: no path that
    user data or a unit names is followed to a file outside, or to one that has another name too.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def is_blank(self) -> bool:
        """True until the first boot."""
        return not self.root.exists()

    def format(self) -> None:
        """Make what every instance's disk has: some folders, and the image's `aws`."""
        for folder in ("tmp", "root", "var/lib", "usr/bin"):
            private_folder(self.root / folder)
        # A shell, because a #! line can neither be long nor have blanks.
        program = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -m {_AWS} "$@"\n'
        self.write(WriteFile(PurePosixPath("/usr/bin/aws"), program.encode(), 0o755, append=False))

    def install_python(self, name: str) -> None:
        """The image's Python by one more name, such as python3.11. It has no packages there."""
        with suppress(FileExistsError):
            (self.root / "usr/bin" / name).symlink_to(sys.executable)

    def path(self, inside: str | PurePosixPath) -> Path:
        """Where an absolute path of the instance is on the host, links not followed.

        Raises DiskError when it is none, or leaves the disk by '..'.
        """
        path = PurePosixPath(inside)
        if not path.is_absolute():
            raise DiskError(f"{_shown(inside)} is not an absolute path")
        if ".." in path.parts:
            raise DiskError(f"{_shown(inside)} leaves the instance's disk")
        return self.root.joinpath(*path.parts[1:])

    def make_folder(self, inside: str) -> Path:
        """Make a folder, and its parents. Raises DiskError when a link leads out of the disk."""
        self._inside(inside)
        return private_folder(self._inside(inside))

    def folder(self, inside: str) -> Path:
        """An existing folder. Raises DiskError."""
        path = self._inside(inside)
        if not path.is_dir():
            raise DiskError(f"{_shown(inside)} does not exist, or is no folder")
        return path

    def write(self, file: WriteFile) -> None:
        """Raises DiskError; OSError when a folder is where the file should be, and the like."""
        path = self._inside(str(file.path))
        private_folder(path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_APPEND if file.append else 0)
        with os.fdopen(os.open(path, flags, 0o600), "ab" if file.append else "wb") as output:
            self._require_one_name(output.fileno(), str(file.path))
            if not file.append:
                output.truncate(0)
            output.write(file.content)
            os.fchmod(output.fileno(), file.mode & _OWNER_BITS)

    def text(self, inside: str) -> str | None:
        """What a file says; None when there is none. Raises DiskError."""
        path = self._inside(inside)
        if not path.is_file():
            return None
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            self._require_one_name(file.fileno(), inside)
            content = file.read(_LARGEST_TEXT + 1)
        if len(content) > _LARGEST_TEXT:
            raise DiskError(f"{_shown(inside)} has more than {_LARGEST_TEXT:,} bytes")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise DiskError(f"{_shown(inside)} is not UTF-8: {error.reason}") from error

    def unit_text(self, name: str) -> str:
        """The text of a unit file. Raises UnitError when the disk has none."""
        if not _UNIT_NAME.fullmatch(name):
            raise UnitError(f"{_shown(name)} is no name of a unit")
        for folder in _UNIT_FOLDERS:
            text = self.text(f"{folder}/{name}")
            if text is not None:
                return text
        raise UnitError(f"{name}: there is no such unit in {', '.join(_UNIT_FOLDERS)}")

    def host_word(self, word: str) -> str:
        """A word of a command or a variable: the path of a file on this disk becomes the host's."""
        if word.startswith("/") and ".." not in PurePosixPath(word).parts:
            path = self.path(word)
            if path.exists():
                return str(path)
        return word

    def host_command(self, unit: str, words: Sequence[str]) -> list[str]:
        """The command as the host can run it; which programs it may be says program.py.

        Raises UnitError.
        """
        name, *arguments = words
        before = program.interpreter(self.root, unit, name, self.path(name))
        return [*before, *(self.host_word(argument) for argument in arguments)]

    def _inside(self, inside: str) -> Path:
        """The path with every link followed. Raises DiskError when that is not on the disk."""
        path = Path(os.path.realpath(self.path(inside)))
        if not path.is_relative_to(os.path.realpath(self.root)):
            raise DiskError(f"{_shown(inside)} is a link that leads out of the instance's disk")
        return path

    @staticmethod
    def _require_one_name(descriptor: int, inside: str) -> None:
        """A file with a second name may be one of the host's."""
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise DiskError(f"{_shown(inside)} is not a file of this disk alone (a hard link)")


def _shown(path: str | PurePosixPath) -> str:
    text = str(path)
    return repr(text if len(text) <= 100 else f"{text[:100]}...")
