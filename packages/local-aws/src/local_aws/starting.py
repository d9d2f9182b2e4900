"""Start the daemon: as a process of its own that says when it is ready, or in this one's place."""

from __future__ import annotations

import functools
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from local_aws.daemon_settings import DaemonSettings
from local_aws.errors import LocalAwsError
from local_aws.host import processes
from local_aws.host.folders import shown
from local_aws.host.process_table import ProcessTable
from local_aws.host.processes import ProcessIdentity
from local_aws.state.state_directory import Running, StateDirectory

STOP_GRACE_SECONDS = 30.0
_TIMEOUT_SECONDS = 60.0
_PIPE_BYTES = 65_536


class StartError(LocalAwsError):
    """The daemon has not started; nothing is left of it."""


def in_foreground(settings: DaemonSettings, state: StateDirectory) -> NoReturn:
    """Become the daemon. Raises AlreadyOwnedError."""
    is_new = not state.is_ours()
    lock = state.own()
    os.set_inheritable(lock, True)
    # Python's own start would show a Ctrl-C with all its frames: the daemon takes it later.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    command = [*_command(settings, lock), *(["--new-folder"] if is_new else [])]
    os.execv(command[0], command)  # noqa: S606 - the same interpreter, no shell


def in_background(settings: DaemonSettings, state: StateDirectory) -> tuple[Running, Sequence[str]]:
    """Start it in a session of its own; returns, once it is ready, also what the user must know.

    A Ctrl-C until then ends it. Afterwards this process ignores it: it would end only half of it.
    Raises AlreadyOwnedError and StartError.
    """
    is_new = not state.is_ours()
    lock = state.own()
    reader, writer = os.pipe()
    # A Ctrl-C in the midst of it would leave a daemon that nobody knows of: it comes afterwards.
    callers_mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    with state.log_path.open("a") as log:
        daemon = subprocess.Popen(
            [*_command(settings, lock), "--ready-descriptor", str(writer)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[writer, lock],
            start_new_session=True,
            preexec_fn=functools.partial(_become_owner, state, lock, callers_mask),
        )
    os.close(writer)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, callers_mask)
        answer = _read_answer(reader, _TIMEOUT_SECONDS)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except BaseException:
        _end_child(daemon, state)
        raise
    finally:
        os.close(reader)
    if answer is None:
        _end_child(daemon, state)
        raise StartError(
            f"no answer within {_TIMEOUT_SECONDS:.0f} s; the log is {shown(state.log_path)}"
        )
    word, *notices = answer.splitlines() or [""]
    running = state.read_running() if word == "ready" else None
    if running is None:
        _end_child(daemon, state)
        if answer and is_new:  # the log says no more
            state.forget()
        raise StartError(answer or f"it ended while starting; the log is {shown(state.log_path)}")
    return running, notices


def _command(settings: DaemonSettings, lock: int) -> list[str]:
    # -P: a file called json.py in the current folder must not become ours.
    command = [sys.executable, "-P", "-m", "local_aws"]
    return [*command, "--settings", settings.to_json(), "--lock-descriptor", str(lock)]


def _become_owner(state: StateDirectory, lock: int, mask: set[int]) -> None:
    """The daemon's first moment. On record before all else: its starter may be killed."""
    state.record_owner(lock)
    # A Ctrl-C that came before it had a session of its own is its starter's, who ends it then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read_answer(descriptor: int, timeout_seconds: float) -> str | None:
    """All that the daemon says; "" when it ended without a word, None when it is not in time."""
    deadline = time.monotonic() + timeout_seconds
    said = b""
    while True:
        left = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([descriptor], [], [], left)
        if not ready:
            return None
        part = os.read(descriptor, _PIPE_BYTES)
        if not part:
            return said.decode().strip()
        said += part


def _end_child(daemon: subprocess.Popen[bytes], state: StateDirectory) -> None:
    """End a daemon that does not answer, and what it had started; its folder is still locked."""
    identity = ProcessIdentity.of(daemon.pid)
    if identity:
        processes.end(identity, STOP_GRACE_SECONDS)
    daemon.wait()
    ProcessTable(state.path).end_leftovers()
    state.clear()
