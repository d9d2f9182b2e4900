"""Start, mark and stop an observation, which is a background process.

Its run's folder names it in `observer.json`, for the tasks of the same run and for the next run,
which ends what a killed one left behind. It never touches the observer of a run that goes on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.observe.configuration import ObserverConfig
from evidence.record.boundary import journal_boundary
from evidence.record.journal import journal
from evidence.record.processes import ProcessIdentity, end
from evidence.record.run_folder import RunFolder, runs
from evidence.record.writing import write_whole

_STOP_SECONDS = 5.0
"""What the observer needs to end, beyond the requests that are still in flight."""


class ObservationError(Exception):
    """An observation that cannot be started, is not there, or does not come to what is awaited."""


@dataclass(frozen=True)
class RunningObserver:
    """The background process of a run, as `observer.json` in its folder has it."""

    process: ProcessIdentity
    config: ObserverConfig

    @property
    def folder(self) -> RunFolder:
        return RunFolder(Path(self.config.run_folder))

    @property
    def scenario(self) -> str:
        return self.config.scenario


def observer_of(folder: RunFolder) -> RunningObserver | None:
    """The observer that this run has started and not stopped; it may have died since.

    A file that another version wrote names none; its observer ends with its owner.
    """
    try:
        values = json.loads(folder.observer.read_text())
        return RunningObserver(
            process=ProcessIdentity(**values["process"]),
            config=ObserverConfig.from_dict(values["config"]),
        )
    except (OSError, KeyError, TypeError, ValueError):
        return None


def running_observer(folder: RunFolder) -> RunningObserver | None:
    """The observer of this run that is running now, if any."""
    observer = observer_of(folder)
    return observer if observer is not None and observer.process.is_running() else None


def running_observers(runs_directory: Path) -> Iterator[RunningObserver]:
    """The observers of all runs that are running now."""
    for folder in runs(runs_directory):
        observer = running_observer(folder)
        if observer is not None:
            yield observer


def is_running_with(config: ObserverConfig) -> bool:
    """Whether an observer with this configuration is running."""
    observer = running_observer(RunFolder(Path(config.run_folder)))
    return observer is not None and observer.config == config


def start(config: ObserverConfig, environment: Mapping[str, str] | None = None) -> RunningObserver:
    """Start observing in the background; returns at once, a second before the first request.

    `environment` is added to this process's own: AWS's credentials and endpoint.

    What runs whose process is gone have left is ended first, and so is this run's former scenario.
    """
    folder = RunFolder(Path(config.run_folder))
    before = running_observer(folder)
    if before is not None:
        if before.config.subject.stack_name != config.subject.stack_name:
            stack_name = config.subject.stack_name
            raise ObservationError(
                f"stack {before.config.subject.stack_name} is being observed now, and a run has "
                f"one stack; for {stack_name} use --limit {stack_name}"
            )
        stop(before)
    end_left_behind(folder.path.parent)
    journal_boundary(
        folder,
        config.scenario,
        "started",
        settings=config.settings,
        rate=config.rate,
        request_timeout_seconds=config.timeout_seconds,
        sample_interval_seconds=config.sample_interval_seconds,
        held_rate=config.held and config.held.rate,
        held_timeout_seconds=config.held and config.held.timeout_seconds,
    )
    write_observer(folder, None, config)
    process = _launch(folder, os.environ | (environment or {}))
    identity = ProcessIdentity.of(process.pid) or ProcessIdentity(process.pid, "ended")
    write_observer(folder, identity, config)
    return RunningObserver(identity, config)


def write_observer(
    folder: RunFolder, process: ProcessIdentity | None, config: ObserverConfig
) -> None:
    """Write observer.json: the observer's configuration, and its process once it is one."""
    document = {"process": process and asdict(process), "config": asdict(config)}
    write_whole(folder.observer, json.dumps(document, indent=2) + "\n")


def end_left_behind(runs_directory: Path) -> None:
    """End the observers of runs whose owner is gone; no other."""
    for observer in running_observers(runs_directory):
        if not observer.config.owner.is_running():
            stop(observer)


def mark(
    observer: RunningObserver,
    name: str,
    instance: str | None = None,
    mutation: str | None = None,
    inverse: str | None = None,
    mutations: Sequence[Mapping[str, Any]] = (),
    since: float | None = None,
) -> float:
    """Name this moment, or the earlier one `since` when it began; returns it.

    A mutation is written here before it is made: in words, and as data (mutations.py).
    """
    at = journal(
        observer.folder.journal,
        observer.scenario,
        "mark",
        mark=name,
        instance=instance,
        mutation=mutation,
        inverse=inverse,
        mutations=list(mutations) or None,
        since=since,
    )
    return at if since is None else since


def stop(observer: RunningObserver) -> None:
    """Stop observing; returns when everything is on disk."""
    end(observer.process, observer.config.longest_request_seconds + _STOP_SECONDS)
    observer.folder.observer.unlink(missing_ok=True)


def _launch(folder: RunFolder, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own: neither Ctrl-C nor the end of who starts it reaches it."""
    with folder.observer_log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "evidence.observe.observer", "--config", str(folder.observer)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    # Nobody waits for it: a thread takes its status, so that it never stays behind as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def log_tail(log: Path) -> str:
    """The last lines of an observer's log: why it ended."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
