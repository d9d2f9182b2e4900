"""The command line of `local-aws`: its commands and their options."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn, TypeAlias

from local_aws.host.processes import ProcessIdentity

DEFAULT_PORT = 4566
DEFAULT_REGION = "us-east-1"
_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def parse() -> argparse.Namespace:
    """The arguments of this process; `command` is the command's name.

    Ends the process with status 2 and one line when one is wrong.
    """
    parser = _Parser(
        prog="local-aws", description="An AWS on this machine, for tests and for learning."
    )
    parser.add_argument("--version", action=_Versions, nargs=0, help="show what it is made of")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_start, _add_stop, _add_remove, _add_status, _add_env, _add_logs):
        add(commands)
    arguments, unknown = parser.parse_known_args()
    if unknown:  # argparse would name the help that lists the commands, not their options
        commands.choices[arguments.command].error(f"unrecognized arguments: {' '.join(unknown)}")
    return arguments


def _add_start(commands: _Commands) -> None:
    """All but --foreground are fields of DaemonSettings."""
    command = commands.add_parser("start", help="start it; returns when it answers")
    command.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        help=f"of the AWS endpoint; 0 takes a free one (default: {DEFAULT_PORT})",
    )
    command.add_argument(
        "--region",
        type=_region,
        default=DEFAULT_REGION,
        help=f"what `env` names; every region works (default: {DEFAULT_REGION})",
    )
    command.add_argument(
        "--with-process",
        type=_process,
        metavar="PID",
        help="stop by itself once this process has ended, however it ended",
    )
    command.add_argument("--foreground", action="store_true", help="do not go to the background")
    command.add_argument(
        "--load",
        type=_absolute,
        metavar="FILE",
        help="begin with what `stop --save` wrote; it can run any code: load only your own",
    )
    _add_behaviour(command)


def _add_behaviour(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--skip-custom-resources",
        action="store_true",
        help="let Lambda-backed custom resources of a stack succeed without doing anything",
    )
    command.add_argument(
        "--signal-for-user-data",
        action="store_true",
        help="send the signals of user data that is not run here (cfn-signal) once instances serve",
    )
    command.add_argument(
        "--unkind",
        action="store_true",
        help="be as late and as strict as AWS can be: changes that show after seconds, throttling",
    )
    command.add_argument(
        "--image-program",
        type=_image_program,
        default=[],
        metavar="'PROGRAM ARGUMENTS'",
        help="what an instance runs whose user data is no cloud-config (default: nothing)",
    )


def _add_stop(commands: _Commands) -> None:
    command = commands.add_parser("stop", help="end it and everything it started")
    command.add_argument(
        "--save",
        type=_absolute,
        metavar="FILE",
        help="keep stacks, data and the instances' disks for `start --load`",
    )


def _add_remove(commands: _Commands) -> None:
    command = commands.add_parser("remove", help="remove the state folder of one that was stopped")
    command.add_argument(
        "--unused-below",
        type=_absolute,
        metavar="FOLDER",
        help="those in FOLDER instead that local-aws made and that none uses any more",
    )


def _add_status(commands: _Commands) -> None:
    command = commands.add_parser("status", help="show load balancers, targets and instances")
    command.add_argument("--json", action="store_true", help="as JSON")


def _add_env(commands: _Commands) -> None:
    command = commands.add_parser("env", help="print what points an AWS client at it")
    command.add_argument("--json", action="store_true", help="as JSON")


def _add_logs(commands: _Commands) -> None:
    command = commands.add_parser("logs", help="print the daemon's log, or an instance's console")
    command.add_argument("instance", nargs="?", help="an instance id")
    command.add_argument("--follow", action="store_true", help="go on until Ctrl-C")


class _Parser(argparse.ArgumentParser):
    """What is wrong is one line; argparse would print the usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see: {self.prog} --help)\n")


class _Versions(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from local_aws import versions  # reading metadata takes longer than most commands

        lines = (f"{name} {number}\n" for name, number in versions.installed().items())
        sys.stdout.writelines(lines)
        parser.exit()


def _region(text: str) -> str:
    if text == DEFAULT_REGION:
        return text
    from local_aws import regions  # it takes longer than most commands

    if text in regions.known():
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} is no region of AWS; one such as {DEFAULT_REGION} is expected"
    )


def _port(text: str) -> int:
    if text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; 0 to 65535 is expected")


def _image_program(text: str) -> list[str]:
    from local_aws.compute import image_program  # no other command needs it

    try:
        return image_program.parse(text)
    except image_program.ImageProgramError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _absolute(text: str) -> Path:
    try:
        return Path(text).absolute()
    except OSError as error:  # the current folder is gone
        raise argparse.ArgumentTypeError(f"{text}: {error.strerror}") from error


def _process(text: str) -> ProcessIdentity:
    identity = ProcessIdentity.of(int(text)) if text.isdigit() else None
    if identity is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not the pid of a running process")
    return identity
