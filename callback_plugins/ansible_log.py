# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: ansible_log
type: aggregate
short_description: Keep what Ansible itself would show, with each task's result
description:
  - Whatever the terminal shows, all results are in C(ansible.log) of the run's folder, as C(-v)
    shows them. Of a playbook that observes nothing, it is C(runs/ansible.log), the latest one.
  - What C(no_log) hides is hidden there, too. So are the caller's keys, and every value that a
    result calls a secret or a token. Only the file's owner can read it.
extends_documentation_fragment:
  - default_callback
  - result_format_callback
author:
  - The contributors of this project
"""

import atexit
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible._internal._display_utils import format_message
from ansible.plugins.callback.default import CallbackModule as AnsiblesOwn
from ansible.utils.display import Display

from narration.log_file import LogFile
from narration.secrets import Secrets

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = 100


class Written:
    """Takes what Ansible's own callback shows; stands for its display. Without a file, nothing."""

    def __init__(self, verbosity: int) -> None:
        self.verbosity = max(1, verbosity)
        self.file: LogFile | None = None
        self.secrets = Secrets()

    def display(self, msg: str, *_: Any, screen_only: bool = False, **__: Any) -> None:
        if self.file is None or screen_only:
            return
        try:
            self.file.write(self.secrets.removed_from(msg))
        except OSError as error:
            self._give_up(error)

    def move_to(self, run_folder: Path) -> None:
        if self.file is None:
            return
        try:
            self.file.move_to(run_folder)
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        if self.file is None:
            return
        file, self.file = self.file, None
        try:
            file.close()
        except OSError as error:
            Display().warning(f"The log stays in {file.path}: {error.strerror}")

    def _give_up(self, error: OSError) -> None:
        """The disk is full: the play goes on, its log does not."""
        if self.file is not None:
            file = self.file
            self.close()
            Display().warning(f"{file.path} cannot be written any more: {error.strerror}")

    def banner(self, msg: str, **_: Any) -> None:
        now = datetime.now(UTC).strftime("%H:%M:%S.%f")[:-3]
        self.display(f"\n{now} {msg} ".ljust(COLUMNS, "*"))

    def _warning(self, summary: Any) -> None:
        self.display(f"[WARNING]: {format_message(summary, False)}")

    def _deprecated(self, summary: Any) -> None:
        self.display(f"[DEPRECATION WARNING]: {format_message(summary, False)}")

    def _error(self, summary: Any, stderr: bool) -> None:  # noqa: ARG002 - Ansible's signature
        self.display(f"[ERROR]: {format_message(summary, False)}")


class CallbackModule(AnsiblesOwn):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "ansible_log"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self._written = Written(Display().verbosity)
        # Now: what must not reach a local play is removed from the environment later.
        self._written.secrets.learn(os.environ)
        self._display: Any = self._written
        self._process = os.getpid()

    def v2_playbook_on_start(self, playbook: Any) -> None:
        if not Path(playbook._basedir).resolve().is_relative_to(ROOT):
            return  # somebody else's
        try:
            self._written.file = LogFile(ROOT / "runs", self._process)
        except OSError as error:
            Display().warning(f"No log is kept: {error}")
        atexit.register(self._close)
        super().v2_playbook_on_start(playbook)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._take_in(result)
        super().v2_runner_on_ok(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._take_in(result)
        super().v2_runner_on_failed(result, ignore_errors)

    def _take_in(self, result: Any) -> None:
        self._written.secrets.learn(result.result)
        folder = result.result.get("run_folder")
        if folder:
            self._written.move_to(Path(folder))

    def _close(self) -> None:
        if os.getpid() == self._process:
            self._written.close()
