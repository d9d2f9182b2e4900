"""Which process a run belongs to: the ansible-playbook that plays it."""

from __future__ import annotations

import os
import subprocess

from local_aws.processes import ProcessIdentity


def playbook_process() -> ProcessIdentity:
    """The ansible-playbook that this process works for, or this process's parent without one.

    A module runs below a fork of it, which has its command line and ends with the task. A shell,
    make or timeout around it may name it too, and may go on after it has ended.
    """
    found = os.getppid()
    pid, below = found, ""
    while pid > 1:
        parent, command = _parent_and_command(pid)
        if command == below and "ansible-playbook" in command:
            found = pid
        pid, below = parent, command
    identity = ProcessIdentity.of(found)
    if identity is None:
        raise ProcessLookupError(f"process {found}, which this one belongs to, has ended")
    return identity


def _parent_and_command(pid: int) -> tuple[int, str]:
    answer = subprocess.run(
        ["/bin/ps", "-o", "ppid=,args=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split(maxsplit=1)
    return (int(answer[0]), answer[1]) if len(answer) == 2 else (0, "")
