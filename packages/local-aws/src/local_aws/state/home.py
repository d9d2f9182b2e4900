"""Which folder is meant: `$LOCAL_AWS_HOME`, by default `~/.local-aws`. This is its only reader."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from local_aws.errors import LocalAwsError
from local_aws.host.folders import shown


class FolderError(LocalAwsError):
    """The state folder cannot be used; the text says why and what to do, in one line."""


def state_folder(environment: Mapping[str, str]) -> Path:
    """The absolute path, with links followed: what holds for a folder holds for a link to it.

    A relative one counts from the working directory, and an empty one as none. Raises FolderError.
    """
    given = environment.get("LOCAL_AWS_HOME") or "~/.local-aws"
    try:
        return _expanded(given, environment.get("HOME", "")).resolve()
    except (OSError, RuntimeError, KeyError) as error:  # a loop of links; nobody's home
        raise FolderError(
            f"LOCAL_AWS_HOME={shown(given)} names no folder ({error}); give an absolute path"
        ) from error


def seen_from_here(environment: Mapping[str, str]) -> str:
    """What to add where a folder seems unused: a relative one is another one elsewhere.

    Empty for one that is the same wherever a command is typed.
    """
    given = environment.get("LOCAL_AWS_HOME") or "~"
    if given.startswith(("/", "~")):
        return ""
    return f" in {shown(state_folder(environment))}, which LOCAL_AWS_HOME={given!r} names here"


def _expanded(given: str, home: str) -> Path:
    first, *rest = Path(given).parts
    if not first.startswith("~"):
        return Path(given)
    if first != "~":
        return Path(pwd.getpwnam(first[1:]).pw_dir, *rest)
    own = Path(home) if Path(home).is_absolute() else Path(pwd.getpwuid(os.getuid()).pw_dir)
    return own.joinpath(*rest)
