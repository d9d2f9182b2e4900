"""The first moments of every child process: wait until it is on record, then become the program.

Run as a script by `process_table.py`, by path and without site-packages, so that it costs
milliseconds. Its arguments are the daemon's pid and the program's command. Standard input is a
pipe from the daemon: one byte means "recorded, go"; its end means that the daemon died before, and
then nothing was started that nobody knows of.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    if sys.platform == "linux":
        # A help, not the guarantee: only the direct child gets it, and only Linux has it. What
        # survives a killed daemon is found by its record.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    daemon, *command = sys.argv[1:]
    # It may have written its byte and died before the kernel was asked to signal that.
    if not os.read(0, 1) or os.getppid() != int(daemon):
        sys.exit(1)
    os.umask(0o077)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # An ignored signal stays ignored in the program: Python ignores SIGPIPE, and a shell lets what
    # it starts in the background ignore SIGINT.
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    try:
        os.execv(command[0], command)  # noqa: S606 - that is the purpose: no shell between
    except OSError as error:
        sys.exit(f"cannot start {command[0]}: {error.strerror}")


main()
