"""Where a local AWS keeps what it must find again: `$LOCAL_AWS_HOME`, by default `~/.local-aws`.

    made-by-local-aws  the mark of a folder of ours (mark.py)
    lock               who starts or runs: pid and start time
    running.json       who answers and where: pid, start time, endpoint, credentials
    data_plane.json    instances with their pid, port and log; listeners with their loopback port
    daemon.log         what the daemon said
    instances/         one folder per instance
    load_balancing/    Envoy's configuration and logs
    processes/         every process started, by pid and start time
    save-request       the file that `local-aws stop --save` wants to be written
    save-answer        how that went: nothing when it is saved, else why not

A folder without our mark is refused before anything in it changes, and of one with it only these
names are ever removed. It is 0700: it holds keys. One daemon at a time owns it, by a lock that the
operating system gives back even after SIGKILL. `local-aws start` takes it before the daemon begins
and hands it down, so there is no moment at which `stop` could overlook one.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local_aws.errors import LocalAwsError
from local_aws.host.folders import shown
from local_aws.host.processes import ProcessIdentity
from local_aws.state import home
from local_aws.state.own_folder import OwnFolder

_PUBLISHED = {"running.json", "data_plane.json", "save-request", "save-answer"}
_KEPT_AFTER_STOP = {"daemon.log", "lock", "save-answer"}
_NAMES = {
    *("daemon.log", "lock", "instances", "load_balancing", "processes"),
    *_PUBLISHED,
    *(f"{name}.new" for name in _PUBLISHED),
}


class AlreadyOwnedError(LocalAwsError):
    """Another daemon owns this state directory."""


@dataclass(frozen=True)
class Running:
    """A daemon that answers: everything a client needs to talk to it."""

    pid: int
    started_at: str
    endpoint: str
    region: str
    access_key_id: str
    secret_access_key: str

    @property
    def identity(self) -> ProcessIdentity:
        return ProcessIdentity(self.pid, self.started_at)

    def environment(self) -> dict[str, str]:
        """The variables that point any AWS client at this local AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            # Some services' calls put a prefix before the endpoint's host, which is no name here.
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            # The SDKs for JavaScript, Go, Java and Rust read the second one only.
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
        }


class StateDirectory(OwnFolder):
    """The state folder of one local AWS, and the files in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _NAMES)

    @classmethod
    def default(cls) -> StateDirectory:
        """The one that the environment names. Raises FolderError."""
        return cls(home.state_folder(os.environ))

    @property
    def log_path(self) -> Path:
        return self.path / "daemon.log"

    @property
    def _lock_path(self) -> Path:
        return self.path / "lock"

    @property
    def _running_path(self) -> Path:
        return self.path / "running.json"

    @property
    def _data_plane_path(self) -> Path:
        return self.path / "data_plane.json"

    @property
    def _save_request_path(self) -> Path:
        return self.path / "save-request"

    @property
    def _save_answer_path(self) -> Path:
        return self.path / "save-answer"

    def own(self) -> int:
        """Make the folder ours and take its lock; returns its descriptor, to be handed down.

        Raises FolderError when the folder is not ours, AlreadyOwnedError, and OSError.
        """
        with self.made():
            lock = self._take_lock()
            try:
                self.record_owner(lock)
            except BaseException:
                os.close(lock)
                raise
            return lock

    def _take_lock(self) -> int:
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise AlreadyOwnedError(
                f"a local AWS uses {shown(self.path)} already; end it with: local-aws stop"
            ) from error
        return descriptor

    @contextmanager
    def unused(self) -> Iterator[bool]:
        """Nobody starts a local AWS in it meanwhile; False when there is no folder of ours.

        Raises AlreadyOwnedError when one has been started.
        """
        with self.kept() as is_ours:
            if not is_ours:
                yield False
                return
            lock = self._take_lock()
            try:
                yield True
            finally:
                os.close(lock)

    def record_owner(self, lock: int) -> None:
        """Write into the lock that it is this process's."""
        me = ProcessIdentity.of(os.getpid())
        assert me is not None  # noqa: S101 - this process runs
        # Always as long: one write, and a reader finds nothing of the one before.
        os.pwrite(lock, json.dumps(asdict(me)).ljust(256).encode(), 0)

    def owner(self) -> ProcessIdentity | None:
        """Who starts or runs a local AWS here, whether it answers yet or not."""
        if not self.is_ours():
            return None
        try:
            identity = ProcessIdentity(**json.loads(self._lock_path.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return identity if identity.is_running() else None

    def write_running(self, running: Running) -> None:
        """Publish the daemon's pid, endpoint and credentials. Raises OSError."""
        self._publish(self._running_path, json.dumps(asdict(running), indent=2))

    def read_running(self) -> Running | None:
        """The daemon that runs now; None when there is none, or only the trace of a killed one."""
        if not self.is_ours():
            return None
        try:
            record: dict[str, Any] = json.loads(self._running_path.read_text())
            running = Running(**record)
        except (OSError, ValueError, TypeError):
            return None
        return running if running.identity.is_running() else None

    def has_trace(self) -> bool:
        """Whether the daemon before was killed: one that ends in order leaves no running.json."""
        return self._running_path.exists()

    def write_data_plane(self, text: str) -> None:
        """`text`: JSON of {instances: {id: facts.InstanceFact}, listeners: {arn: port}}."""
        self._publish(self._data_plane_path, text)

    def read_instances(self) -> dict[str, dict[str, Any]]:
        """Each instance's `facts.InstanceFact` as a dict, by instance id."""
        return dict(self._read_data_plane().get("instances", {}))

    def read_listeners(self) -> dict[str, int]:
        """The loopback port of each listener, by its ARN."""
        return dict(self._read_data_plane().get("listeners", {}))

    def _read_data_plane(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._data_plane_path.read_text()))
        except FileNotFoundError:
            return {}

    def write_save_request(self, path: Path) -> None:
        """Name the file that the daemon is to write; an older answer is removed."""
        self._save_answer_path.unlink(missing_ok=True)
        self._publish(self._save_request_path, os.fsdecode(path))

    def take_save_request(self) -> Path | None:
        """The file that was named last, once; None when there is none."""
        try:
            named = self._save_request_path.read_bytes()
        except FileNotFoundError:
            return None
        self._save_request_path.unlink()
        return Path(os.fsdecode(named))

    def answer_save(self, failure: str) -> None:
        """Answer the one who requested it: "" when it is saved, otherwise why not."""
        self._publish(self._save_answer_path, failure)

    def take_save_answer(self) -> str | None:
        """The answer, once; None when there is none yet."""
        try:
            answer = self._save_answer_path.read_text()
        except FileNotFoundError:
            return None
        self._save_answer_path.unlink()
        return answer

    @staticmethod
    def _publish(path: Path, text: str) -> None:
        """Write atomically and for the owner only: a reader sees the old text or the new one."""
        temporary = path.with_name(path.name + ".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.fsencode(text))
        temporary.rename(path)

    def forget(self) -> None:
        """Remove the folder of a local AWS that never ran; the caller has its lock."""
        with self.kept() as is_ours:
            if is_ours:
                self.remove()

    def clear(self) -> None:
        """Remove what a daemon left, except its log."""
        self.empty(but=_KEPT_AFTER_STOP)
