"""systemd's service units, as far as an instance runs them: text in, a typed unit out.

Syntax and defaults: systemd.unit(5), systemd.service(5), systemd.exec(5). What would make a service
do something else and is not supported is refused by name; what describes, hardens or tunes it
(Description=, DynamicUser=, LimitNOFILE=) is passed over.
"""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from local_aws.compute import time_span

_TYPES = ("simple", "exec", "oneshot")
_RESTARTS = ("no", "always", "on-success", "on-failure", "on-abnormal")
_REFUSED = (
    *("ExecCondition", "ExecStartPre", "ExecStartPost", "ExecStop", "ExecStopPost"),
    *("RootDirectory", "RootImage", "Sockets", "PIDFile", "BusName"),
)
_CLEAN_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)
_COUNT = re.compile("[0-9]{1,10}")
_LARGEST_COUNT = 2**32 - 1


class UnitError(ValueError):
    """A unit that cannot be run; the message names the unit, the directive and what is wrong."""


@dataclass(frozen=True)
class Unit:
    """A service. Paths are the instance's own; `command` is a path and its arguments.

    `is_on_disk` is False for a command that is the host's: a machine image's program.
    """

    name: str
    command: tuple[str, ...]
    is_on_disk: bool = True
    type: str = "simple"
    environment: Mapping[str, str] = field(default_factory=dict)
    environment_files: tuple[str, ...] = ()  # a leading "-": may be missing
    working_directory: str = "/"
    state_directories: tuple[str, ...] = ()  # below /var/lib
    restart: str = "no"
    restart_seconds: float = 0.1
    stop_seconds: float | None = None  # from SIGTERM to SIGKILL; None: it does not say
    start_limit_burst: int = 5
    start_limit_seconds: float = 10.0
    after: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()  # started too, and before it; when one fails, it does not start

    def restarts_after(self, status: int) -> bool:
        """Whether systemd would start it again after this end (subprocess's form: -9 = SIGKILL)."""
        clean = status == 0 or -status in _CLEAN_SIGNALS
        match self.restart:
            case "always":
                return True
            case "on-success":
                return clean
            case "on-failure":
                return not clean
            case "on-abnormal":
                return status < 0 and not clean
        return False


def parse(name: str, text: str) -> Unit:
    """Raises UnitError."""
    values = _values(name, text)

    def last(key: str, default: str) -> str:
        return (values.get(key) or [default])[-1]

    def words(key: str) -> tuple[str, ...]:
        return tuple(word for line in values.get(key, []) for word in _split(name, key, line))

    commands = values.get("ExecStart", [])
    if len(commands) != 1:
        raise UnitError(f"{name}: needs exactly one ExecStart=, has {len(commands)}")
    unit_type = _one_of(name, "Type", last("Type", "simple"), _TYPES)
    unit_restart = _one_of(name, "Restart", last("Restart", "no"), _RESTARTS)
    if unit_type == "oneshot" and unit_restart in ("always", "on-success"):
        raise UnitError(f"{name}: Restart={unit_restart} is not allowed with Type=oneshot")
    stop = last("TimeoutStopSec", "")
    return Unit(
        name=name,
        command=_command(name, commands[0]),
        type=unit_type,
        environment=_environment(name, words("Environment")),
        environment_files=tuple(values.get("EnvironmentFile", [])),
        working_directory=last("WorkingDirectory", "/"),
        state_directories=_state_directories(name, words("StateDirectory")),
        restart=unit_restart,
        restart_seconds=_duration(name, "RestartSec", last("RestartSec", "100ms")),
        stop_seconds=_duration(name, "TimeoutStopSec", stop) if stop else None,
        start_limit_burst=_count(name, "StartLimitBurst", last("StartLimitBurst", "5")),
        start_limit_seconds=_duration(
            name, "StartLimitIntervalSec", last("StartLimitIntervalSec", "10s")
        ),
        after=words("After") + words("Requires"),
        requires=words("Requires"),
    )


def parse_environment_file(name: str, text: str) -> dict[str, str]:
    """The variables of an EnvironmentFile=; values may be quoted. Raises UnitError."""
    variables = {}
    for line in text.splitlines():
        if line.strip() and line.lstrip()[0] not in "#;":
            key, separator, value = line.strip().partition("=")
            if not separator or not key.strip() or "\0" in line:
                raise UnitError(f"{name}: EnvironmentFile has a line without '=': {_shown(line)!r}")
            variables[key.strip()] = " ".join(_split(name, "EnvironmentFile", value))
    return variables


def in_start_order(units: list[Unit]) -> list[Unit]:
    """The units in the order given, but each after those it names. Raises UnitError on a circle."""
    ordered: list[Unit] = []
    waiting = list(units)
    while waiting:
        names = {unit.name for unit in waiting}
        ready = next((unit for unit in waiting if not names & set(unit.after)), None)
        if ready is None:
            raise UnitError(f"units wait for each other: {', '.join(sorted(names))}")
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _values(name: str, text: str) -> dict[str, list[str]]:
    """Every directive as the list of its values; an empty value empties the list."""
    values: dict[str, list[str]] = {}
    for section, key, value in _directives(name, text):
        if section in ("Unit", "Service"):
            values[key] = [*values.get(key, []), value] if value else []
    for key in _REFUSED:
        if values.get(key):
            raise UnitError(f"{name}: {key}= is not supported")
    return values


def _directives(name: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (section, key, value) for each directive; a backslash at its end joins lines."""
    section = ""
    lines = iter(text.splitlines())
    for line in lines:
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        while stripped.endswith("\\"):
            stripped = stripped[:-1].rstrip() + " " + next(lines, "").strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            section = stripped[1:-1]
            continue
        key, separator, value = stripped.partition("=")
        if not separator:
            raise UnitError(f"{name}: neither a section nor a directive: {_shown(line)!r}")
        yield section, key.strip(), _without_specifiers(name, key.strip(), value.strip())


def _without_specifiers(name: str, key: str, value: str) -> str:
    for specifier in re.findall(r"%(.?)", value.replace("%%", "")):
        raise UnitError(f"{name}: {key}= uses %{specifier}: specifiers are not supported")
    return value.replace("%%", "%")


def _one_of(name: str, key: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UnitError(f"{name}: {key}={_shown(value)} is none of {', '.join(known)}")
    return value


def _split(name: str, key: str, value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError as error:
        raise UnitError(f"{name}: {key}={_shown(value)}: {error}") from error


def _command(name: str, line: str) -> tuple[str, ...]:
    words = tuple(_split(name, "ExecStart", line))
    if not words or not words[0].startswith("/"):
        raise UnitError(f"{name}: ExecStart={_shown(line)} is not an absolute path")
    if "\0" in line:
        raise UnitError(f"{name}: ExecStart= has a NUL")
    return words


def _environment(name: str, assignments: tuple[str, ...]) -> dict[str, str]:
    variables = {}
    for assignment in assignments:
        key, separator, value = assignment.partition("=")
        if not separator or not key or "\0" in assignment:
            raise UnitError(f"{name}: Environment={_shown(assignment)} is not NAME=VALUE")
        variables[key] = value
    return variables


def _state_directories(name: str, directories: tuple[str, ...]) -> tuple[str, ...]:
    for directory in directories:
        if directory.startswith("/") or ".." in directory.split("/") or "\0" in directory:
            raise UnitError(
                f"{name}: StateDirectory={_shown(directory)} is not a path below /var/lib"
            )
    return directories


def _duration(name: str, key: str, value: str) -> float:
    """In seconds; math.inf for "infinity"."""
    try:
        return time_span.seconds(value)
    except ValueError:
        raise UnitError(f"{name}: {key}={_shown(value)} is not a time span") from None


def _count(name: str, key: str, value: str) -> int:
    if not _COUNT.fullmatch(value) or int(value) > _LARGEST_COUNT:
        raise UnitError(f"{name}: {key}={_shown(value)} is not a number up to {_LARGEST_COUNT}")
    return int(value)


def _shown(value: str) -> str:
    return value if len(value) <= 100 else f"{value[:100]}..."
