"""Start, mark and stop an observation, which is a background process.

One observation at a time in a runs directory. `observer.json` there names the background process,
so that the next start ends one that a killed run left behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from evidence.journal import journal
from evidence.observer_config import ObserverConfig
from evidence.run_folder import RunFolder, journal_boundary, write_whole
from local_aws.processes import ProcessIdentity, end

_STOP_SECONDS = 5.0
"""What the observer needs to end, beyond the requests that are still in flight."""


class ObservationError(Exception):
    """An observation that cannot be started, is not there, or does not come to what is awaited."""


@dataclass(frozen=True)
class RunningObserver:
    """The background process of a runs directory, as `observer.json` there has it."""

    process: ProcessIdentity
    owner: ProcessIdentity
    scenario: str
    stack_name: str
    run_folder: str

    @property
    def folder(self) -> RunFolder:
        return RunFolder(Path(self.run_folder))


def running_observer(runs_directory: Path) -> RunningObserver | None:
    """The observer that is running now, if any.

    A file that another version wrote names none; its observer ends with its playbook.
    """
    try:
        values = json.loads(_pid_file(runs_directory).read_text())
        observer = RunningObserver(
            process=ProcessIdentity(**values.pop("process")),
            owner=ProcessIdentity(**values.pop("owner")),
            **values,
        )
    except (FileNotFoundError, KeyError, TypeError):
        return None
    return observer if observer.process.is_running() else None


def is_running_with(config: ObserverConfig, runs_directory: Path) -> bool:
    """Whether an observer is running that was told the same."""
    observer = running_observer(runs_directory)
    if observer is None or observer.run_folder != config.run_folder:
        return False
    return observer.folder.observer.read_text() == config.to_json()


def start(
    config: ObserverConfig, runs_directory: Path, environment: Mapping[str, str] | None = None
) -> RunningObserver:
    """Start observing in the background; returns at once, a second before the first request.

    `environment` is added to this process's own: AWS's credentials and endpoint.

    An observer of a run that is over is ended first, and one of the same run's former scenario.
    One of another live run is an error: two runs would disturb each other's service.
    """
    before = running_observer(runs_directory)
    if before is not None:
        if before.owner != config.owner and before.owner.is_running():
            raise ObservationError(
                f"process {before.owner.pid} is observing scenario {before.scenario!r} now; "
                "wait for it or end it: two runs at once would disturb each other"
            )
        if before.owner == config.owner and before.stack_name != config.subject.stack_name:
            raise ObservationError(
                f"stack {before.stack_name} is being observed now, and a run has one stack; "
                f"for {config.subject.stack_name} use --limit {config.subject.stack_name}"
            )
        stop(before)
    folder = RunFolder(Path(config.run_folder))
    folder.observer.write_text(config.to_json())
    journal_boundary(folder, config.scenario, "started", settings=config.settings, rate=config.rate)
    process = _launch(folder, os.environ | (environment or {}))
    identity = ProcessIdentity.of(process.pid)
    observer = RunningObserver(
        process=identity or ProcessIdentity(process.pid, "ended"),
        owner=config.owner,
        scenario=config.scenario,
        stack_name=config.subject.stack_name,
        run_folder=config.run_folder,
    )
    write_whole(_pid_file(runs_directory), json.dumps(asdict(observer)))
    return observer


def mark(
    observer: RunningObserver,
    name: str,
    instance: str | None = None,
    mutation: str | None = None,
    inverse: str | None = None,
    since: float | None = None,
) -> float:
    """Name this moment, or the earlier one `since` when it began; returns it.

    A mutation is written here before it is made.
    """
    at = journal(
        observer.folder.journal,
        observer.scenario,
        "mark",
        mark=name,
        instance=instance,
        mutation=mutation,
        inverse=inverse,
        since=since,
    )
    return at if since is None else since


def stop(observer: RunningObserver) -> None:
    """Stop observing; returns when everything is on disk."""
    end(observer.process, _request_timeout_seconds(observer.folder) + _STOP_SECONDS)


def _request_timeout_seconds(folder: RunFolder) -> float:
    return ObserverConfig.from_json(folder.observer.read_text()).timeout_seconds


def _launch(folder: RunFolder, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own: neither Ctrl-C nor the end of the task's process reaches it."""
    with folder.observer_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "evidence.observer", "--config", str(folder.observer)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )


def log_tail(log: Path) -> str:
    """The last lines of an observer's log: why it ended."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""


def _pid_file(runs_directory: Path) -> Path:
    return runs_directory / "observer.json"
