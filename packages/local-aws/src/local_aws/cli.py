"""The command `local-aws`: start, stop, remove, status, env, logs."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shlex
import signal
import sys
import time
from pathlib import Path

from local_aws import command_line, starting
from local_aws.daemon_settings import DaemonSettings
from local_aws.errors import LocalAwsError
from local_aws.host import environment, preflight, processes, write_failure
from local_aws.host.folders import shown
from local_aws.host.process_table import ProcessTable
from local_aws.state import home
from local_aws.state.home import FolderError
from local_aws.state.state_directory import AlreadyOwnedError, Running, StateDirectory

SAVE_TIMEOUT_SECONDS = 420.0
"""An instance has four minutes to shut down, and its disk has to be written."""
POLL_SECONDS = 0.05


class CommandError(LocalAwsError):
    """What the user reads when a command cannot do its work: one line."""


def main() -> None:
    arguments = command_line.parse()
    os.umask(0o077)
    arguments.callers_names = sorted(os.environ)
    own = environment.made_from(os.environ)
    os.environ.clear()
    os.environ.update(own)
    try:
        _COMMANDS[arguments.command](arguments, StateDirectory.default())
    except BrokenPipeError:  # `local-aws logs | head`
        sys.stdout = None
    except LocalAwsError as error:
        sys.exit(f"local-aws: {error}")
    except OSError as error:
        sys.exit(f"local-aws: {write_failure.why(error, home.state_folder(os.environ))}")
    except KeyboardInterrupt:
        sys.exit(130)


def start(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """Start the daemon; returns when it answers."""
    preflight.check(state.path)
    running = state.read_running()
    if running and arguments.load:
        raise CommandError(f"it runs at {running.endpoint}; to load, stop it first: local-aws stop")
    if running:
        print(f"local AWS already runs at {running.endpoint}, as it was started")
        return
    settings = DaemonSettings.chosen(vars(arguments))
    if arguments.foreground:
        starting.in_foreground(settings, state)
    running, notices = starting.in_background(settings, state)
    print(*notices, sep="\n", end="\n" if notices else "")
    print(f"local AWS runs at {running.endpoint}")
    print('point any AWS client at it with: eval "$(local-aws env)"')


def stop(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """End the daemon and everything it started; leaves no process, port or file that matters."""
    if arguments.save:
        _save(arguments.save, _running(state), state)
    stopped = False
    while True:
        # The first may be a `start` that has just begun, the second the daemon that it left.
        while owner := state.owner():
            processes.end(owner, starting.STOP_GRACE_SECONDS)
            stopped = True
        try:
            with state.unused() as is_ours:
                ended = ProcessTable(state.path).end_leftovers() if is_ours else []
                state.clear()
            break
        except AlreadyOwnedError:  # by one that is just starting, or has just been ended
            time.sleep(POLL_SECONDS)
    if stopped:
        print("local AWS stopped")
    elif ended:
        print(f"ended {len(ended)} processes that a killed local AWS had left")
    else:
        print(f"local AWS was not running{home.seen_from_here(os.environ)}")


def _save(path: Path, running: Running, state: StateDirectory) -> None:
    """Have the daemon save itself; it stops by itself then. Raises CommandError when it goes on."""
    state.write_save_request(path)
    os.kill(running.pid, signal.SIGUSR1)
    deadline = time.monotonic() + SAVE_TIMEOUT_SECONDS
    while True:
        ended = not running.identity.is_running()
        failure = state.take_save_answer()
        if failure == "":
            print(f"saved to {shown(path)}")
            return
        if failure:
            raise CommandError(f"not saved, and still running: {failure}")
        if ended:
            raise CommandError(f"not saved: it ended meanwhile; the log is {shown(state.log_path)}")
        if time.monotonic() > deadline:
            raise CommandError(f"no answer within {SAVE_TIMEOUT_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def remove(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """Remove the state folder, or those below a folder that no local AWS uses any more."""
    folder = arguments.unused_below
    if folder is None:
        if not _removed(state):
            print(f"there is no folder of local-aws at {shown(state.path)}")
        return
    removed = 0
    for path in sorted(folder.glob("*")):
        with contextlib.suppress(FolderError, AlreadyOwnedError):  # not ours, or in use
            removed += _removed(StateDirectory(path))
    if not removed:
        print(f"no folder in {shown(folder)} is an unused one of local-aws")


def _removed(state: StateDirectory) -> bool:
    """Whether it was there."""
    with state.unused() as is_ours:
        if is_ours:
            ProcessTable(state.path).end_leftovers()
            state.remove()
            what = "what local-aws made in " if state.path.exists() else ""
            print(f"removed {what}{shown(state.path)}")
        return is_ours


def show_status(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """Show load balancers with their addresses, targets with their health, instances."""
    from local_aws import status  # with it comes boto3: a quarter of a second for all commands

    report = status.read(_running(state), state)
    print(json.dumps(report, indent=2) if arguments.json else status.as_text(report))


def env(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """Print what points a shell (with --json: a program) at the local AWS."""
    variables = _running(state).environment()
    if arguments.json:
        print(json.dumps(variables, indent=2))
        return
    # Whatever the caller has would win over, or disturb, what follows.
    callers = {name for name in arguments.callers_names if re.fullmatch("AWS_[A-Z0-9_]+", name)}
    unset = ({"AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN"} | callers) - variables.keys()
    print("unset", *sorted(unset))
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")


def logs(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """Print the daemon's log, or the console of one instance."""
    path = _instance_log(arguments.instance, state) if arguments.instance else state.log_path
    if not state.is_ours() or not path.exists():
        raise CommandError(
            f"there is no log yet in {shown(state.path)}; start with: local-aws start"
        )
    with path.open(errors="replace") as log:
        while True:
            for line in log:
                print(line, end="")
            if not arguments.follow:
                return
            sys.stdout.flush()
            time.sleep(0.2)
            if path.stat().st_size < log.tell():  # it was cut, its newest lines stayed
                log.seek(0, os.SEEK_END)


def _instance_log(instance_id: str, state: StateDirectory) -> Path:
    _running(state)
    instances = state.read_instances()
    if instance_id not in instances:
        known = ", ".join(sorted(instances)) or "none"
        raise CommandError(f"no instance {shown(instance_id)} runs here; these do: {known}")
    path = Path(instances[instance_id]["log_path"])
    if not path.resolve().is_relative_to(state.path):
        raise CommandError(f"the log of {instance_id} is not in {shown(state.path)}: {shown(path)}")
    return path


def _running(state: StateDirectory) -> Running:
    running = state.read_running()
    if not running:
        where = home.seen_from_here(os.environ)
        raise CommandError(f"the local AWS is not running{where}; start it with: local-aws start")
    return running


_COMMANDS = {
    "start": start,
    "stop": stop,
    "remove": remove,
    "status": show_status,
    "env": env,
    "logs": logs,
}

if __name__ == "__main__":
    main()
