"""Where a run is kept: runs/<UTC time>/.

A run belongs to one process, its owner, such as an ansible-playbook: every scenario that is played
in it adds to the same folder. Who works for the owner finds the folder by that process; people find
the newest one as runs/latest.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.record.journal import close_line, journal, size
from evidence.record.processes import ProcessIdentity

LATEST = "latest"
_LISTED = 10
_LONGEST_NAME = 255
"""Bytes of a folder's name, on Linux and macOS."""
_ROOM_BYTES = 65_536
"""What the records of a tenth of a second take at 200 requests a second, and more."""


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


def journal_boundary(folder: RunFolder, scenario: str, event: str, **details: Any) -> None:
    """Write down that a scenario's observation "started" or "stopped".

    It says where the scenario's records begin or end, so that nobody has to read all the others.
    """
    for path in (folder.journal, folder.requests, folder.samples):
        close_line(path)
    journal(
        folder.journal,
        scenario,
        event,
        requests_size=size(folder.requests),
        samples_size=size(folder.samples),
        **details,
    )


def create_run(owner: ProcessIdentity, runs_directory: Path, **facts: Any) -> RunFolder:
    """A new folder for this owner's run, with `facts` about it in run.json."""
    folder = RunFolder(_create(runs_directory))
    about = {"started_at": time.time(), "owner": asdict(owner), **facts}
    write_whole(folder.run, json.dumps(about) + "\n")
    _point_latest_to(folder, runs_directory)
    return folder


def not_recorded(error: OSError, runs_directory: Path) -> str:
    """In one line, what the system said when a file of a run was to be read or written."""
    where = error.filename or runs_directory
    return (
        f"The run cannot be recorded: {where}: {error.strerror}. Give it room and rights "
        f"below {runs_directory}, then play it again"
    )


def require_room(folder: RunFolder) -> None:
    """Raise OSError when no more can be recorded: a full disk, a quota, rights that were taken.

    The journal may still take a line in its last block when the other records take none.
    """
    probe = folder.path / f".room-{os.getpid()}"
    try:
        probe.write_bytes(bytes(_ROOM_BYTES))
    finally:
        probe.unlink(missing_ok=True)


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


def existing_run(run: str, runs_directory: Path) -> RunFolder:
    """A run by its folder's name, "latest" among them. Raises FileNotFoundError.

    Only a folder that is itself in the runs directory is one: no other path, no link out of it.
    """
    directory = runs_directory.resolve()
    if run and "/" not in run and "\0" not in run and len(os.fsencode(run)) <= _LONGEST_NAME:
        path = (directory / run).resolve()
        if path.is_dir() and path.parent == directory:
            return RunFolder(path)
    known = known_runs(directory)
    raise FileNotFoundError(f"no run {run!r} in {runs_directory} (runs: {known})")


def known_runs(directory: Path) -> str:
    """The names of the runs in there, for a message of one line."""
    names = sorted(
        child.name
        for child in (directory.iterdir() if directory.is_dir() else ())
        if child.is_dir() and not child.is_symlink() and not child.name.startswith(".")
    )
    return listed(names) or "none yet; play a scenario first"


def listed(names: Sequence[str]) -> str:
    """The latest of these names, for a message of one line; empty for none."""
    older = len(names) - _LISTED
    return ", ".join(names[-_LISTED:]) + (f" and {older} older" if older > 0 else "")


def write_whole(path: Path, text: str) -> None:
    """Write or replace a file in one step: a reader never sees half of it.

    Raises OSError, and leaves what was there, when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_text(text)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


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
