"""The daemon's process: its arguments, its answer to its starter, and the signals that end it.

SIGTERM and SIGINT stop it, and SIGUSR1 saves it before, to the file that a request names; without
one it does nothing. Everything it started ends with it.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from local_aws.control_plane import corrections
from local_aws.daemon import Daemon
from local_aws.daemon_settings import DaemonSettings
from local_aws.errors import LocalAwsError
from local_aws.host import write_failure
from local_aws.host.process_table import ProcessTable
from local_aws.load_balancing.envoy_binary import EnvoyError
from local_aws.state import saved_state
from local_aws.state.state_directory import StateDirectory

_LOG = logging.getLogger(__name__)
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_STOPS = (signal.SIGTERM, signal.SIGINT)

_LOST = (
    "the local AWS before this one was killed: its stacks, data and instances are gone; create "
    "them again, or load what was saved with: local-aws start --load FILE"
)

_ended_by: list[int] = []
"""The signal that has come while the daemon started."""


class _RefusedExit(SystemExit):
    """It did not start, and has said why: its log says no more."""

    code = 1


def main() -> None:
    arguments = _parse_arguments()
    settings: DaemonSettings = arguments.settings
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format=_LOG_FORMAT,
    )
    state = StateDirectory.default()
    for descriptor in (arguments.lock_descriptor, arguments.ready_descriptor):
        if descriptor is not None:
            os.set_inheritable(descriptor, False)
    with _nothing_left_of_a_failure(state, is_new=arguments.new_folder):
        try:
            daemon = _made(settings, state)
        except (EnvoyError, OSError) as error:
            _answer(arguments.ready_descriptor, write_failure.why(error, state.path))
            raise _RefusedExit from error
        except LocalAwsError as error:
            _answer(arguments.ready_descriptor, str(error))
            raise _RefusedExit from error
    try:
        running = daemon.running()
        try:
            state.write_running(running)
        except OSError as error:
            _answer(arguments.ready_descriptor, write_failure.why(error, state.path))
            return
        _LOG.info("serving at %s", running.endpoint)
        if _answer(arguments.ready_descriptor, "\n".join(["ready", *daemon.notices])):
            daemon.serve(settings.with_process)
    finally:
        daemon.stop()
        state.clear()


@contextmanager
def _nothing_left_of_a_failure(state: StateDirectory, *, is_new: bool) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        ProcessTable(state.path).end_leftovers()
        state.clear()
        if is_new and isinstance(error, _RefusedExit):
            state.forget()
        raise


def _made(settings: DaemonSettings, state: StateDirectory) -> Daemon:
    """The daemon; a signal stops it from here on, and raises SystemExit before it is made.

    Raises also EnvoyError, OSError, PortTakenError and SnapshotError.
    """
    for number in _STOPS:
        signal.signal(number, _end_while_starting)
    signal.signal(signal.SIGUSR1, lambda *_: None)  # which would end it; there is nothing to save
    lost = [_LOST] if state.has_trace() else []
    ProcessTable(state.path).end_leftovers()
    state.clear()
    corrections.install()
    saved = saved_state.read(settings.load, state.path) if settings.load else None
    daemon = Daemon(state, settings, saved)
    daemon.notices[:0] = lost
    for number in _STOPS:
        signal.signal(number, lambda *_: daemon.request_stop())
    signal.signal(signal.SIGUSR1, lambda *_: daemon.request_save())
    if _ended_by:  # Python drops an exception that a signal raises in the midst of a finalizer
        daemon.stop()
        sys.exit(128 + _ended_by[0])
    return daemon


def _end_while_starting(number: int, _: object) -> NoReturn:
    for each in _STOPS:
        signal.signal(each, signal.SIG_IGN)  # one is enough
    _ended_by.append(number)
    sys.exit(128 + number)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_aws")
    parser.add_argument("--settings", type=DaemonSettings.from_json, required=True)
    parser.add_argument("--lock-descriptor", type=int, required=True)
    parser.add_argument("--ready-descriptor", type=int)
    # In the foreground nothing else removes it after a failure: there is no log to keep either.
    parser.add_argument("--new-folder", action="store_true")
    return parser.parse_args()


def _answer(descriptor: int | None, line: str) -> bool:
    """Report how the start went: to the starter through its pipe, otherwise to the terminal.

    False when the starter has ended meanwhile: nobody waits for this daemon.
    """
    if descriptor is None:
        print(line, file=sys.stderr)  # noqa: T201 - somebody is looking
        return True
    try:
        with os.fdopen(descriptor, "w") as pipe:
            print(line, file=pipe)
    except BrokenPipeError:
        _LOG.error("who started this has ended before it was ready")
        return False
    return True
