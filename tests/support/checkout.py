"""A copy of this checkout, to change a file of the product in."""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from defects import Defect
from terminal import BIN, ROOT

_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".cache", "runs", "*_cache", "__pycache__")
_SOURCES = ("src", "files", "packages/evidence/src", "packages/local-aws/src")
_SHIFTED_CLOCK = Path(__file__).parent / "shifted_clock" / "sitecustomize.py"
_COMMANDS = ("ansible-playbook", "local-aws")


def copied_checkout(folder: Path) -> Path:
    """Copy what a clone would have, changes that are not committed included; returns `folder`."""
    copy: Path = shutil.copytree(ROOT, folder, ignore=_NOT_COPIED)
    return copy


class OwnCheckout:
    """A copy whose commands run its own sources, with the packages of this virtual environment.

    The packages of this project are installed editable, and the local AWS gives no PYTHONPATH to
    its daemon. So the copy has a virtual environment of its own that names its sources first.
    """

    def __init__(self, folder: Path) -> None:
        self.root = copied_checkout(folder)
        self.commands = self.root / ".venv" / "bin"
        venv.create(self.root / ".venv", symlinks=True)
        packages = Path(sysconfig.get_path("purelib"))
        self._packages = self.root / ".venv" / packages.relative_to(sys.prefix)
        self._packages.joinpath("sources.pth").write_text(
            "".join(f"{self.root / source}\n" for source in _SOURCES)
            + f"import site; site.addsitedir({str(packages)!r})\n"
        )
        for name in _COMMANDS:
            command = self.commands / name
            words = shlex.join([str(self.commands / "python"), str(BIN / name)])
            command.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            command.chmod(0o755)

    def set_clock(self, ahead_seconds: float) -> None:
        """Everything that the copy's Python runs from now on has another time."""
        offset = self._packages / "clock_offset"
        offset.write_text(str(ahead_seconds))
        self._packages.joinpath("sitecustomize.py").write_text(
            "import os, runpy\n"
            f"os.environ['CLOCK_OFFSET_FILE'] = {str(offset)!r}\n"
            f"runpy.run_path({str(_SHIFTED_CLOCK)!r})\n"
        )

    @contextmanager
    def having(self, defect: Defect) -> Iterator[None]:
        """The copy has the defect until the end of the block. Raises DoesNotApplyError."""
        files = [self.root / edit.file for edit in defect.edits]
        originals = [file.read_text() for file in files]
        edited = [edit.edited(text) for edit, text in zip(defect.edits, originals, strict=True)]
        for file, text in zip(files, edited, strict=True):
            self._write(file, text)
        try:
            yield
        finally:
            for file, text in zip(files, originals, strict=True):
                self._write(file, text)

    def has_imported(self, module: str) -> bool:
        """Whether Python has imported this file, as it is now, from the copy."""
        return _bytecode(self.root / module).exists()

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text)
        _bytecode(file).unlink(missing_ok=True)


def _bytecode(file: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(file)))
