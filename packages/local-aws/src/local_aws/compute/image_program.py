"""The program of a machine image: what an instance runs whose user data is no cloud-config."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from local_aws.compute.systemd_unit import Unit


class ImageProgramError(ValueError):
    """A command line that names no program of this machine; the text says why, in one line."""


def parse(command_line: str) -> list[str]:
    """The words of a command line, split as a shell would, the first one an absolute path.

    A program without a `/` is looked for on the PATH. Raises ImageProgramError.
    """
    try:
        program, *arguments = shlex.split(command_line) or [""]
    except ValueError as error:
        raise ImageProgramError(f"{command_line!r} cannot be split into words: {error}") from error
    found = shutil.which(program)
    if found is None:
        raise ImageProgramError(
            f"{program!r} is no program of this machine; name one on the PATH or by its path, "
            "with its arguments, as in 'python3 /opt/server.py'"
        )
    return [str(Path(found).absolute()), *arguments]


def as_unit(command: Sequence[str]) -> Unit:
    """The unit that runs the program on every boot, and again whenever it ends.

    It gets a STATE_DIRECTORY on the instance's disk.
    """
    return Unit(
        name="image.service",
        command=tuple(command),
        is_on_disk=False,
        state_directories=("image",),
        restart="always",
        restart_seconds=1.0,
    )
