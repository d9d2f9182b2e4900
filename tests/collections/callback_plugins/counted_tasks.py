# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: counted_tasks
type: aggregate
short_description: Write one line for each task that ran, to the file that COUNTED_TASKS names
description:
  - A line is a JSON object with the task's name, its result, whether the test itself expects a
    failure there, and the failure's message. Skipped tasks, inclusions that succeed and a play's
    gathering of facts have none.
author:
  - The contributors of this project
"""

import json
import os
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.executor.task_result import CallbackTaskResult
from ansible.playbook.block import Block
from ansible.playbook.task import Task
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback import CallbackBase
from ansible.utils.sentinel import Sentinel


def expects_failure(task: Task) -> bool:
    """Whether the task, or a block around it, says ignore_errors.

    The play says so too, for a failure not to end the target: that one does not count.
    """
    parent: Task | Block | None = task
    while parent is not None:
        own = getattr(parent, "_ignore_errors", Sentinel)
        if own is not Sentinel and own is not None:
            return bool(own)
        parent = getattr(parent, "_parent", None)
    return False


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "counted_tasks"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._path = Path(os.environ["COUNTED_TASKS"])
        self._expecting: dict[str, bool] = {}

    def v2_playbook_on_task_start(self, task: Task, is_conditional: bool) -> None:  # noqa: ARG002
        # A result's task has the play's ignore_errors as its own.
        self._expecting[task._uuid] = expects_failure(task)

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        if (
            not isinstance(result.task, TaskInclude)
            and result.task.action not in constants._ACTION_FACT_GATHERING
        ):
            self._write(result.task, "ok", {})

    def v2_runner_on_failed(self, result: CallbackTaskResult, **_: bool) -> None:
        self._write(result.task, "failed", result.result)

    v2_runner_on_unreachable = v2_runner_on_failed

    def _write(self, task: Task, result: str, details: dict[str, Any]) -> None:
        line = {
            "task": task.get_name(),
            "result": result,
            "expected": self._expecting.get(task._uuid, False),
            "message": message_of(details),
        }
        with self._path.open("a") as file:
            file.write(json.dumps(line) + "\n")


def message_of(details: dict[str, Any]) -> str:
    """A loop's message is that of its first item that failed."""
    for item in details.get("results") or []:
        if item.get("failed"):
            return message_of(item)
    texts = [str(details.get(key)) for key in ("msg", "assertion") if details.get(key)]
    return ": ".join(texts)
