"""Where a run is kept: runs/<UTC time>/.

A run belongs to one process, its owner, such as an ansible-playbook: every scenario that is played
in it adds to the same folder. Who works for the owner finds the folder by that process; people find
the newest one as runs/latest.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.record.processes import ProcessIdentity
from evidence.record.writing import write_whole

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
    def chaos_journals(self) -> Path:
        """A folder with a Chaos Toolkit journal for each scenario; not journal.jsonl's entries."""
        return self.path / "chaos-journals"

    @property
    def report(self) -> Path:
        return self.path / "report.html"

    @property
    def observer(self) -> Path:
        """The running observer and its configuration; written again for each scenario."""
        return self.path / "observer.json"

    @property
    def observer_log(self) -> Path:
        return self.path / "observer.log"

    @property
    def stop(self) -> Path:
        """Asks the run to end at its next step; its text says who asks."""
        return self.path / "stop"

    @property
    def run(self) -> Path:
        """Which process this run belongs to."""
        return self.path / "run.json"


def create_run(owner: ProcessIdentity, runs_directory: Path, **facts: Any) -> RunFolder:
    """A new folder for this owner's run, with `facts` about it in run.json."""
    folder = RunFolder(_create(runs_directory))
    about = {"started_at": time.time(), "owner": asdict(owner), **facts}
    write_whole(folder.run, json.dumps(about) + "\n")
    _point_latest_to(folder, runs_directory)
    return folder


def run_of(owner: ProcessIdentity, runs_directory: Path) -> RunFolder | None:
    """The folder of this owner's run, wherever runs/latest points; None when it has none yet."""
    return next((run for run in runs(runs_directory) if owner_of(run) == owner), None)


def runs(runs_directory: Path) -> Iterator[RunFolder]:
    """Every run, the newest first: its name is its start, and those of one second are numbered."""
    found = runs_directory.iterdir() if runs_directory.is_dir() else ()
    for path in sorted(found, key=lambda path: _order(path.name), reverse=True):
        if path.name != LATEST and (path / "run.json").is_file():
            yield RunFolder(path)


def facts_of(folder: RunFolder) -> dict[str, Any]:
    """What run.json says; nothing when there is none, or one that cannot be read."""
    try:
        facts = json.loads(folder.run.read_text())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def owner_of(folder: RunFolder) -> ProcessIdentity | None:
    """The process that a run belongs to; None when there is no such run."""
    try:
        return ProcessIdentity(**facts_of(folder)["owner"])
    except (KeyError, TypeError):
        return None


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


def _order(name: str) -> tuple[str, int]:
    started, _, number = name.partition("Z-")
    return started.removesuffix("Z"), int(number) if number.isdigit() else 1
