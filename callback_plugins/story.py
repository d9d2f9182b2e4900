# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: story
type: stdout
short_description: Show what happens to the service, not each task
description:
  - One block for each scenario, with its hypothesis, its phases, and its claims with what was seen.
    While something is awaited, the last lines say what, for how long, and what clients are answered
    now. In a file or a pipe, each line is written once.
  - With C(-v), or with C(ANSIBLE_STDOUT_CALLBACK=default), Ansible's own output is shown instead.
    It is always in C(ansible.log) of the run's folder, see the plugin C(ansible_log).
extends_documentation_fragment:
  - default_callback
  - result_format_callback
author:
  - The contributors of this project
"""

import atexit
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible import context
from ansible.playbook.block import Block
from ansible.plugins.callback import CallbackBase
from ansible.plugins.callback.default import CallbackModule as AnsiblesOwn
from ansible.utils import color
from ansible.utils.display import Display

from narration import log_file
from narration.events import StackEvents
from narration.last_line import last_line
from narration.narrator import Narrator, Play
from narration.row import BLANK, Row
from narration.screen import Screen, is_alive
from narration.task import Outcome, Task
from safeguards.environment import client_arguments
from safeguards.play_variables import HostVariables
from safeguards.playbook_command import playbook_command, typed_command
from safeguards.played_hosts import hosts_of
from safeguards.purposes import PURPOSES
from safeguards.selection import is_left

OPTIONS_OF = "callback"
"""Ansible derives it from a class's name, and finds no option under another one."""
ROOT = Path(__file__).resolve().parents[1]
TICK_SECONDS = 0.25
DEMONSTRATION = "demo.yml"
"""Its local AWS ends with it, and so does a fault."""
RECAP = {
    **{name: name for name in ("ok", "changed", "unreachable")},
    "failures": "failed",
    "skipped": "skipped",
    "rescued": "rescued",
    "ignored": "ignored",
}
"""In the order and with the words of Ansible's own recap, which programs read."""


def is_rescued(task: Any) -> bool:
    """Whether a block's rescue follows when this task fails."""
    child, parent = task, task._parent
    while parent is not None:
        handles = isinstance(parent, Block) and parent.rescue
        if handles and any(each._uuid == child._uuid for each in parent.block):
            return True
        child, parent = parent, parent._parent
    return False


def task_of(task: Any, name: str | None = None) -> Task:
    action = task.resolved_action or task.action
    return Task(name or task.name or task.get_name(), action, dict(task.args), is_rescued(task))


def scenario_of(play: Any) -> str:
    return str(play.vars.get("observation_scenario", ""))


def is_mutating(purpose: str) -> bool:
    return purpose in PURPOSES and PURPOSES[purpose].mutates


class Story(CallbackBase):  # type: ignore[misc]
    """Hears what Ansible does. Everything shared with the thread is used under Display's lock,
    which Ansible holds while it forks."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "story"
    plugin_type = OPTIONS_OF

    def __init__(self) -> None:
        super().__init__()
        self._lock = self._display._lock
        self._alive = is_alive(sys.stdout, os.environ)
        self._screen = Screen(
            sys.stdout, self._emit, self._lock, alive=self._alive, coloured=color.ANSIBLE_COLOR
        )
        self._narrator = Narrator(self._screen.say, time.monotonic)
        self._play: Any = None
        self._events: dict[str, StackEvents] = {}
        self._are_several = False
        self._is_temporary = False
        self._purpose = ""
        self._unfinished = ""
        self._over = threading.Event()
        self._process = os.getpid()

    def v2_playbook_on_start(self, playbook: Any) -> None:
        options = context.CLIARGS
        self._is_temporary = Path(playbook._file_name).name == DEMONSTRATION
        scenarios = [
            play
            for play in playbook.get_plays()
            if scenario_of(play) and is_left(play.tags, options["tags"], options["skip_tags"])
        ]
        self._narrator = Narrator(
            self._screen.say, time.monotonic, len(scenarios), playbook_command()
        )
        for stream in (sys.stdout, sys.stderr):
            self._screen.yield_to(stream)
        atexit.register(self._end)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._play = play
        hosts = hosts_of(play)
        # Until the preflight is over, nothing is changed.
        self._unfinished = self._purpose
        self._purpose = str(play.vars.get("preflight_playbook", self._purpose))
        self._are_several = len(hosts) > 1
        hypothesis = " ".join(str(play.vars.get("observation_hypothesis", "")).split())
        with self._lock:
            self._narrator.play_started(
                Play(play.get_name().strip(), scenario_of(play), hypothesis)
            )

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002 - Ansible's signature
        with self._lock:
            self._narrator.task_started(task_of(task))

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self.v2_playbook_on_task_start(task, False)

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        if not task_of(task).changes_stack or task.check_mode:
            return
        # What keeps the events from being read keeps the task from its work: it says so itself.
        with suppress(Exception):
            self._events[host.get_name()] = self._followed(host, task)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._ended(result, "changed" if result.result.get("changed") else "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._ended(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._ended(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._ended(result, "ignored" if result.task.ignore_unreachable else "unreachable")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._handle_warnings(result.result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._handle_warnings(result.result)

    def v2_on_file_diff(self, result: Any) -> None:
        for each in result.result.get("results", [result.result]):
            if each.get("diff") and each.get("changed"):
                self._screen.write(self._get_diff(each["diff"]).rstrip("\n").split("\n"))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._unfinished = ""
        with self._lock:
            self._narrator.finish_play()
            self._screen.say(BLANK)
            for host in sorted(stats.processed):
                counts = stats.summarize(host)
                shown = " ".join(f"{word}={counts[name]}" for name, word in RECAP.items())
                self._screen.say(Row(f"{host}: {shown}", tone="quiet"))
            if stats.failures or stats.dark:
                records = self._narrator.records
                folder = records.folder.path if records else None
                if log := log_file.kept(ROOT / "runs", self._process, folder):
                    self._screen.say(Row(f"all results: {log}", tone="quiet"))

    def _ended(self, result: Any, outcome: Outcome) -> None:
        events = self._events.pop(result.host.get_name(), None)
        if events:
            events.end()
        self._handle_warnings(result.result)
        task = task_of(result.task, result.task_name)
        with self._lock:
            host = self.host_label(result) if self._are_several else ""
            self._narrator.task_ended(task, outcome, result.result, host)

    def _followed(self, host: Any, task: Any) -> StackEvents:
        """The events of the stack that a task is going to change, from now on."""
        # It takes half a second, and most command lines change no stack.
        import boto3
        from botocore.config import Config

        variables = HostVariables(self._play, host, task)
        arguments = client_arguments(variables["aws_environment"])
        config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})
        client = boto3.Session().client("cloudformation", **arguments, config=config)
        whose = f"{host.get_name()}: " if self._are_several else ""

        def say(text: str, is_over: bool) -> None:
            with self._lock:
                self._narrator.resources(whose + text, is_over=is_over)

        return StackEvents(client, variables.templated(task.args["stack_name"]), say)

    def _watch(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            with self._lock:
                self._narrator.read_journal()
                if self._alive:
                    going = [each.in_progress for each in list(self._events.values())]
                    self._screen.draw(self._narrator.foot("; ".join(filter(None, going))))
                else:
                    self._narrator.mention()

    def _emit(self, line: str) -> None:
        self._display.display(line)

    def _end(self) -> None:
        """The last line, also after Ctrl-C: what is left to do, and how."""
        if os.getpid() != self._process:
            return
        self._over.set()
        self._watcher.join()
        with self._lock:
            self._screen.erase()
            if self._is_temporary:
                return
            self._narrator.read_journal()
            records = self._narrator.records
            row = last_line(
                records.standing_fault if records else "",
                self._unfinished if is_mutating(self._unfinished) else "",
                typed_command(),
                playbook_command("recover.yml"),
            )
            if row:
                self._screen.say(row)


class Unchanged(AnsiblesOwn):  # type: ignore[misc]
    """Ansible's own output."""

    plugin_type = OPTIONS_OF


CallbackModule = Unchanged if Display().verbosity else Story
