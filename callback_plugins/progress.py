# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: progress
type: aggregate
short_description: Show what an observation sees while a task is waiting
description:
  - Ansible shows nothing of a task before it ends. While a scenario is observed, this prints a line
    every two seconds, with what is awaited, what clients are answered and how the targets are.
  - The lines come from the run's journal. They are plain text, for a terminal and for CI's logs.
author:
  - The contributors of this project
requirements:
  - enabled in ansible.cfg
"""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from evidence.journal import read_lines, size
from evidence.printable import printable
from evidence.run_folder import RunFolder, run_of
from local_aws.processes import ProcessIdentity

RUNS_DIRECTORY = Path(__file__).resolve().parents[1] / "runs"
POLL_SECONDS = 0.5


def counted(counts: dict[str, int]) -> str:
    """Counts as shares in words: "96% real, 4% error"."""
    total = sum(counts.values())
    return ", ".join(f"{100 * count / total:.0f}% {name}" for name, count in counts.items())


def line(entry: dict[str, Any], elapsed_seconds: float) -> str | None:
    """What a journal entry says to those who watch; None when it is not meant for them."""
    when = f"    {elapsed_seconds:4.0f} s  "
    if entry["event"] == "awaiting":
        return f"{when}waiting until: {'; '.join(entry['claims'])}"
    if entry["event"] == "progress" and entry["replies"]:
        targets = ", ".join(f"{count} {state}" for state, count in entry["targets"].items())
        return f"{when}{counted(entry['replies'])}; targets: {targets or 'none'}"
    return None


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "progress"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._task_began = time.monotonic()
        self._read_to: dict[Path, int] = {}
        self._run: RunFolder | None = None
        self._looked_at = 0

    def v2_playbook_on_start(self, playbook: Any) -> None:  # noqa: ARG002 - Ansible's signature
        threading.Thread(target=self._watch, daemon=True).start()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002 - Ansible's signature
        self._task_began = time.monotonic()

    def _watch(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            self.show_news()

    def _own_run(self) -> RunFolder | None:
        """The run of this process; looked for again only when a run was added."""
        if self._run is None and RUNS_DIRECTORY.is_dir():
            changed_at = RUNS_DIRECTORY.stat().st_mtime_ns
            me = ProcessIdentity.of(os.getpid())
            if changed_at != self._looked_at and me is not None:
                self._looked_at = changed_at
                self._run = run_of(me, RUNS_DIRECTORY)
        return self._run

    def show_news(self) -> None:
        """Print what is new in the journal of the run that this process plays, if it plays one."""
        folder = self._own_run()
        if folder is None:
            return
        journal = folder.journal
        start, end = self._read_to.get(journal, 0), size(journal)
        self._read_to[journal] = end
        elapsed_seconds = time.monotonic() - self._task_began
        for entry in read_lines(journal, start, end):
            text = line(entry, elapsed_seconds)
            if text is not None:
                # Not through Python's buffers: Ansible forks, and a fork must find no lock held.
                os.write(sys.stdout.fileno(), f"{printable(text)}\n".encode())
