"""Why something could not be written: above all, that no room was left."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from local_aws.host.folders import shown

FULL = {errno.ENOSPC, errno.EDQUOT}
_ROOM_BYTES = 65_536


def why(error: Exception, folder: Path) -> str:
    """Why something could not be written into the folder, in one line."""
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL or _is_full(folder):
        return f"no room is left on the disk that holds {shown(folder)}: free some, then try again"
    if isinstance(error, OSError) and error.strerror:
        return f"{shown(os.fsdecode(error.filename or folder))}: {error.strerror}"
    return str(error)


def _is_full(folder: Path) -> bool:
    try:
        facts = os.statvfs(folder)
    except OSError:
        return False
    return facts.f_bavail * facts.f_frsize < _ROOM_BYTES
