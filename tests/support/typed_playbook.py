"""A playbook as it is typed, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ANSIBLE_PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
_TIMEOUT_SECONDS = 120


def typed(
    *arguments: str | Path, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What `ansible-playbook` said and how it ended, typed in a folder where nobody can answer.

    `environment` is the whole of it.
    """
    return subprocess.run(
        [ANSIBLE_PLAYBOOK, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
