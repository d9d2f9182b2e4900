"""The command `local-aws`: start, stop, remove, status, env, logs."""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from local_aws import command_line
from local_aws.errors import LocalAwsError
from local_aws.host import environment, preflight, processes
from local_aws.host.folders import shown
from local_aws.host.process_table import ProcessTable
from local_aws.host.processes import ProcessIdentity
from local_aws.state import home
from local_aws.state.home import FolderError
from local_aws.state.state_directory import AlreadyOwnedError, Running, StateDirectory

START_TIMEOUT_SECONDS = 60.0
STOP_GRACE_SECONDS = 30.0
SAVE_TIMEOUT_SECONDS = 120.0
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
        sys.exit(f"local-aws: {preflight.why(error, home.state_folder(os.environ))}")
    except KeyboardInterrupt:
        sys.exit(130)


def start(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """Start the daemon; returns when it answers."""
    preflight.check(state.path)
    running = state.read_running()
    if running and arguments.load:
        raise CommandError(f"it runs at {running.endpoint}; to load, stop it first: local-aws stop")
    if running:
        print(f"local AWS already runs at {running.endpoint}")
        return
    lock = state.own()
    # -P: a file called json.py in the current folder must not become ours.
    command = [sys.executable, "-P", "-m", "local_aws"]
    command += ["--lock-descriptor", str(lock)]
    command += ["--port", str(arguments.port), "--region", arguments.region]
    if arguments.load:
        command += ["--load", str(arguments.load.absolute())]
    if arguments.with_process:
        command += ["--with-process", json.dumps(asdict(arguments.with_process))]
    if arguments.skip_custom_resources:
        command += ["--skip-custom-resources"]
    if arguments.signal_for_user_data:
        command += ["--signal-for-user-data"]
    if arguments.unkind:
        command += ["--unkind"]
    if arguments.image_program:
        command += ["--image-program", json.dumps(arguments.image_program)]
    if arguments.foreground:
        os.set_inheritable(lock, True)
        # Python's own start would show a Ctrl-C with all its frames: the daemon takes it later.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.execv(command[0], command)  # noqa: S606 - the same interpreter, no shell
    running = _spawn(command, state, lock)
    print(f"local AWS runs at {running.endpoint}")
    print('point any AWS client at it with: eval "$(local-aws env)"')


def _spawn(command: list[str], state: StateDirectory, lock: int) -> Running:
    """Start the daemon in a session of its own and wait for its one line: ready, or why not."""
    reader, writer = os.pipe()
    # A Ctrl-C in the midst of it would leave a daemon that nobody knows of: it comes afterwards.
    callers_mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    with state.log_path.open("a") as log:
        daemon = subprocess.Popen(
            [*command, "--ready-descriptor", str(writer)],
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
        answer = _read_line(reader, START_TIMEOUT_SECONDS)
        # What comes now comes after the start, and must not end half of it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except BaseException:
        _end_child(daemon, state)
        raise
    finally:
        os.close(reader)
    if answer is None:
        _end_child(daemon, state)
        raise CommandError(
            f"no answer within {START_TIMEOUT_SECONDS:.0f} s; the log is {shown(state.log_path)}"
        )
    word, *notices = answer.splitlines() or [""]
    running = state.read_running() if word == "ready" else None
    if running is None:
        _end_child(daemon, state)
        raise CommandError(answer or f"it ended while starting; the log is {shown(state.log_path)}")
    print(*notices, sep="\n", end="\n" if notices else "")
    return running


def _become_owner(state: StateDirectory, lock: int, mask: set[int]) -> None:
    """The daemon's first moment. On record before all else: its starter may be killed."""
    state.record_owner(lock)
    # A Ctrl-C that came before it had a session of its own is its starter's, who ends it then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read_line(descriptor: int, timeout_seconds: float) -> str | None:
    """What the daemon says; "" when it ended without a word, None when it said nothing in time."""
    ready, _, _ = select.select([descriptor], [], [], timeout_seconds)
    if not ready:
        return None
    return os.read(descriptor, 4096).decode().strip()


def _end_child(daemon: subprocess.Popen[bytes], state: StateDirectory) -> None:
    """End a daemon that does not answer, and what it had started; its folder is still locked."""
    identity = ProcessIdentity.of(daemon.pid)
    if identity:
        processes.end(identity, STOP_GRACE_SECONDS)
    daemon.wait()
    ProcessTable(state.path).end_leftovers()
    state.clear()


def stop(arguments: argparse.Namespace, state: StateDirectory) -> None:
    """End the daemon and everything it started; leaves no process, port or file that matters."""
    if arguments.save:
        _save(arguments.save.absolute(), _running(state), state)
    stopped = False
    while True:
        # The first may be a `start` that has just begun, the second the daemon that it left.
        while owner := state.owner():
            processes.end(owner, STOP_GRACE_SECONDS)
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
        print("local AWS was not running")


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
    if arguments.unused_below is None:
        _remove(state)
        return
    for path in sorted(arguments.unused_below.absolute().glob("*")):
        with contextlib.suppress(FolderError, AlreadyOwnedError):  # not ours, or in use
            _remove(StateDirectory(path))


def _remove(state: StateDirectory) -> None:
    with state.unused() as is_ours:
        if is_ours:
            ProcessTable(state.path).end_leftovers()
            state.remove()


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
        known = ", ".join(sorted(instances)) or "none runs"
        raise CommandError(f"no instance {shown(instance_id)} runs here (instances: {known})")
    path = Path(instances[instance_id]["log_path"])
    if not path.resolve().is_relative_to(state.path):
        raise CommandError(f"the log of {instance_id} is not in {shown(state.path)}: {shown(path)}")
    return path


def _running(state: StateDirectory) -> Running:
    running = state.read_running()
    if not running:
        raise CommandError("the local AWS is not running; start it with: local-aws start")
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
