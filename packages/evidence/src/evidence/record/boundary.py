"""Where a scenario's records begin and end in the files of a run."""

from __future__ import annotations

from typing import Any

from evidence.record.journal import close_line, journal, size
from evidence.record.run_folder import RunFolder


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
