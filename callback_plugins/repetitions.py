# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: repetitions
type: aggregate
short_description: Play a scenario again when its verdict asks for it
description:
  - Ansible can repeat a task, not a play. Here a play is followed by itself for as long as its
    verdict says C(played_again), which it does until there are as many repetitions as were asked
    for, and when this machine was too busy to judge.
author:
  - The contributors of this project
"""

from collections.abc import Callable, Iterator
from typing import Any

from ansible.playbook.play import Play
from ansible.plugins.callback import CallbackBase


class Repeated:
    """Plays, each of them followed by itself while `is_played_again` says so."""

    def __init__(self, plays: list[Play], is_played_again: Callable[[], bool]) -> None:
        self._plays = plays
        self._is_played_again = is_played_again

    def __len__(self) -> int:
        return len(self._plays)

    def __getitem__(self, number: int) -> Play:
        return self._plays[number]

    def __iter__(self) -> Iterator[Play]:
        for play in self._plays:
            yield play
            while self._is_played_again():
                yield play


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "repetitions"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self._is_played_again = False

    def v2_playbook_on_start(self, playbook: Any) -> None:
        # Ansible asks for the plays once, after this call, and goes through them one by one.
        plays = playbook.get_plays
        playbook.get_plays = lambda: Repeated(plays(), lambda: self._is_played_again)

    def v2_playbook_on_play_start(self, play: Any) -> None:  # noqa: ARG002 - Ansible's signature
        self._is_played_again = False

    def v2_runner_on_ok(self, result: Any) -> None:
        if result.task.action == "verdict" and result.result.get("played_again"):
            self._is_played_again = True
