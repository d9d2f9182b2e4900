"""The operator's lock: one ansible-playbook at a time works on a stack.

What a lock says, and what it means for whoever finds it; lock_parameter.py says where it is kept.
"""

from __future__ import annotations

import getpass
import json
import socket
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from enum import Enum, auto

from evidence.record.processes import ProcessIdentity

STALE_SECONDS = 60 * 60
RENEWAL_SECONDS = 10 * 60
RETRY_SECONDS = 60
"""After a renewal that failed."""


class LockState(Enum):
    """What a lock that was found means for whoever wants it."""

    OWN = auto()
    ALIVE = auto()
    DEAD = auto()
    STALE = auto()


@dataclass(frozen=True)
class OperatorLock:
    """What the parameter says. Times are ISO 8601 in UTC; `run` is the run's folder, if any."""

    owner: str
    host: str
    pid: int
    started_at: str
    playbook: str
    acquired_at: str
    renewed_at: str
    run: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for what no lock says: another type, a time without a zone."""
        times = (self.acquired_at, self.renewed_at)
        texts = [self.owner, self.host, self.started_at, self.playbook, *times]
        texts += [] if self.run is None else [self.run]
        if type(self.pid) is not int or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"not a lock: {self}")
        for time in times:
            _time(time)

    @classmethod
    def of(cls, process: ProcessIdentity, playbook: str, now: datetime) -> OperatorLock:
        host = socket.gethostname()
        return cls(
            owner=f"{_user()}@{host}",
            host=host,
            pid=process.pid,
            started_at=process.started_at,
            playbook=playbook,
            acquired_at=_text(now),
            renewed_at=_text(now),
        )

    @classmethod
    def from_json(cls, text: str) -> OperatorLock:
        """Raises ValueError when it is not the value of a lock."""
        known = [field.name for field in fields(cls)]
        try:
            values = json.loads(text)
            return cls(**{name: values[name] for name in known if name in values})
        except (TypeError, ValueError) as error:
            raise ValueError(f"not a lock: {text[:80]!r}") from error

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @property
    def process(self) -> ProcessIdentity:
        return ProcessIdentity(self.pid, self.started_at)

    @property
    def is_here(self) -> bool:
        """Whether its owner works on this machine."""
        return self.host == socket.gethostname()

    def is_held_by(self, other: OperatorLock) -> bool:
        """Whether it is the same process's, whatever it plays by now."""
        return (self.host, self.process) == (other.host, other.process)

    def renewed(self, now: datetime) -> OperatorLock:
        return replace(self, renewed_at=_text(now))

    def state(self, mine: OperatorLock | None, now: datetime) -> LockState:
        """What it means for the owner of `mine`; None is who has no lock."""
        if mine and self.is_held_by(mine):
            return LockState.OWN
        if self.is_here and self.process.is_of_this_boot():
            return LockState.ALIVE if self.process.is_running() else LockState.DEAD
        # Another machine, or this one before it was started again: only time can tell.
        age = (now - _time(self.renewed_at)).total_seconds()
        return LockState.STALE if age > STALE_SECONDS else LockState.ALIVE

    def described(self, now: datetime) -> str:
        """Who it is, as in "ada@desk (process 4711, scenario.yml, for 3 min)"."""
        minutes = (now - _time(self.acquired_at)).total_seconds() / 60
        return f"{self.owner} (process {self.pid}, {self.playbook}, for {minutes:.0f} min)"


def is_lock_of(value: str | None, mine: OperatorLock) -> bool:
    """Whether the parameter's value is a lock, and the same process's; None is no parameter."""
    try:
        return value is not None and OperatorLock.from_json(value).is_held_by(mine)
    except ValueError:
        return False


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {text!r}")
    return moment
