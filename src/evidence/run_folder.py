"""Where a run is kept: runs/<UTC time>/, with runs/latest pointing to the newest.

A run is one ansible-playbook process: every scenario it plays adds to the same folder, and one
scenario played alone has a folder of its own. So nobody has to pass a run's name along.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.journal import journal, size
from local_aws.processes import ProcessIdentity

LATEST = "latest"


@dataclass(frozen=True)
class RunFolder:
    """The files of one run. Those that do not exist yet are written when there is something."""

    path: Path

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def requests(self) -> Path:
        return self.path / "requests.jsonl"

    @property
    def samples(self) -> Path:
        return self.path / "samples.jsonl"

    @property
    def verdicts(self) -> Path:
        return self.path / "verdicts.json"

    @property
    def junit(self) -> Path:
        return self.path / "junit.xml"

    @property
    def report(self) -> Path:
        return self.path / "report.html"

    @property
    def observer(self) -> Path:
        """What the observer was told; written anew for each scenario."""
        return self.path / "observer.json"

    @property
    def observer_log(self) -> Path:
        return self.path / "observer.log"

    @property
    def run(self) -> Path:
        """Which process this run belongs to."""
        return self.path / "run.json"


def journal_boundary(folder: RunFolder, scenario: str, event: str, **details: Any) -> None:
    """Write down that a scenario's observation "started" or "stopped".

    It says where the scenario's records begin or end, so that nobody has to read all the others.
    """
    journal(
        folder.journal,
        scenario,
        event,
        requests_size=size(folder.requests),
        samples_size=size(folder.samples),
        **details,
    )


def run_of(owner: ProcessIdentity, runs_directory: Path) -> RunFolder:
    """The folder of this owner's run: the latest one if it is the owner's, otherwise a new one."""
    latest = RunFolder((runs_directory / LATEST).resolve())
    if owner_of(latest) == owner:
        return latest
    folder = RunFolder(_create(runs_directory))
    write_whole(folder.run, json.dumps({"started_at": time.time(), "owner": asdict(owner)}) + "\n")
    _point_latest_to(folder, runs_directory)
    return folder


def owner_of(folder: RunFolder) -> ProcessIdentity | None:
    """The process that a run belongs to; None when there is no such run."""
    try:
        return ProcessIdentity(**json.loads(folder.run.read_text())["owner"])
    except FileNotFoundError:
        return None


def existing_run(run: str, runs_directory: Path) -> RunFolder:
    """A run by its folder's name, "latest" among them. Raises FileNotFoundError."""
    path = (runs_directory / run).resolve()
    if path.is_dir():
        return RunFolder(path)
    names = sorted(
        child.name
        for child in (runs_directory.iterdir() if runs_directory.is_dir() else ())
        if child.is_dir()
    )
    known = ", ".join(names) or "none yet; play a scenario first"
    raise FileNotFoundError(f"no run {run!r} in {runs_directory} (runs: {known})")


def write_whole(path: Path, text: str) -> None:
    """Write or replace a file in one step: a reader never sees half of it."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)


def _create(runs_directory: Path) -> Path:
    runs_directory.mkdir(parents=True, exist_ok=True)
    name = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    for suffix in ("", *(f"-{number}" for number in range(2, 100))):
        path = runs_directory / (name + suffix)
        try:
            path.mkdir()
        except FileExistsError:  # another run began in the same second
            continue
        return path
    raise FileExistsError(f"100 runs began in one second in {runs_directory}")


def _point_latest_to(folder: RunFolder, runs_directory: Path) -> None:
    """Replace the link in one step, so that a reader always finds a run behind it."""
    link = runs_directory / f".{LATEST}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.path.name)
    link.replace(runs_directory / LATEST)
