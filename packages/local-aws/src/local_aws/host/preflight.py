"""What a local AWS needs of the machine, checked before anything is made."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from local_aws.errors import LocalAwsError
from local_aws.host.folders import shown

# A quarter of Linux's PATH_MAX: below it are an instance's id and a path on its disk, and a path
# that is looked for on the disk may be the folder's own again.
_LONGEST_HOME = 1024
_LONGEST_SOCKET_PATH = 103  # macOS's sockaddr_un.sun_path without the final zero
_SOCKET_BELOW_HOME = "/load_balancing/admin.sock"
_FEWEST_OPEN_FILES = 256
_OPEN_FILES = 4096


class PreflightError(LocalAwsError):
    """This machine lacks something; the text says what and what to do, in one line."""


def longest_home() -> int:
    """How many bytes the state folder's path may have.

    Linux reaches Envoy's socket through /proc, so that only the paths below the folder count.
    """
    if sys.platform == "linux":
        return _LONGEST_HOME
    return _LONGEST_SOCKET_PATH - len(_SOCKET_BELOW_HOME)


def check(home: Path) -> None:
    """Raises PreflightError."""
    length = len(os.fsencode(home))
    if length > longest_home():
        raise PreflightError(
            f"the state folder's path has {length} bytes, and {longest_home()} is the limit: "
            f"name a shorter one in LOCAL_AWS_HOME than {shown(home)[:60]}..."
        )
    _allow_open_files()


def _allow_open_files() -> None:
    """As many as this user may have, up to a bound; what is started inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < _FEWEST_OPEN_FILES:  # RLIM_INFINITY is -1
        raise PreflightError(
            f"a process may open {hard} files here, and a local AWS needs {_FEWEST_OPEN_FILES}: "
            "raise the hard limit (ulimit -Hn, or in limits.conf)"
        )
    if 0 <= soft < _OPEN_FILES:
        wanted = _OPEN_FILES if hard < 0 else min(_OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
