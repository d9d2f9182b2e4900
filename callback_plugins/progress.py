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
  - The lines come from the journal of the run that the task C(observation) has begun. They are
    plain text, for a terminal and for CI's logs.
  - The plugin C(story) shows this itself; so this is for Ansible's own output.
author:
  - The contributors of this project
"""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.plugins.callback import CallbackBase

from evidence.record.journal import NewLines
from evidence.record.run_folder import RunFolder
from evidence.report.printable import printable
from narration.shares import counted

POLL_SECONDS = 0.5


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
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self.disabled = constants.DEFAULT_STDOUT_CALLBACK == "story" and not self._display.verbosity
        self._task_began = time.monotonic()
        self._journal: NewLines | None = None

    def v2_playbook_on_start(self, playbook: Any) -> None:  # noqa: ARG002 - Ansible's signature
        threading.Thread(target=self._watch, daemon=True).start()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002 - Ansible's signature
        self._task_began = time.monotonic()

    def v2_runner_on_ok(self, result: Any) -> None:
        """The first task that observes says where its run is recorded."""
        if self._journal is None and result.result.get("run_folder"):
            self._journal = NewLines(RunFolder(Path(result.result["run_folder"])).journal, 0)

    def _watch(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            self.show_news()

    def show_news(self) -> None:
        """Print what is new in the journal of the run that this process plays, if it plays one."""
        if self._journal is None:
            return
        elapsed_seconds = time.monotonic() - self._task_began
        for entry in self._journal.new():
            text = line(entry, elapsed_seconds)
            if text is not None:
                # Not through Python's buffers: Ansible forks, and a fork must find no lock held.
                os.write(sys.stdout.fileno(), f"{printable(text)}\n".encode())
