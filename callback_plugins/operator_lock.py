# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: operator_lock
type: aggregate
short_description: Renew the operator's locks while a playbook runs, and release them at its end
description:
  - The preflight takes a lock on each stack. They are released when ansible-playbook ends, also
    when a play failed or Ctrl-C ended it. Only one that is killed leaves its lock, or one that
    ends while AWS does not answer, and the next operator takes it over.
  - A lock that is ten minutes old is renewed before the next task, so that it is not taken for one
    whose owner is gone. A run whose lock another operator has taken over ends before that task.
author:
  - The contributors of this project
"""

import atexit
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible.utils.display import Display

from safeguards import lock_parameter
from safeguards.environment import client_arguments
from safeguards.operator_lock import RENEWAL_SECONDS, RETRY_SECONDS, OperatorLock
from safeguards.play_variables import HostVariables
from safeguards.playbook_command import playbook_command

LOST = (
    "The lock on the stack {} is not this run's any more: it was not renewed for an hour, and "
    "another operator has taken it over. This run ends here, and changes nothing more. See what "
    "holds with: {}"
)
CONNECT_SECONDS = 2
READ_SECONDS = 3
ATTEMPTS = 2
"""Who ends a run waits for its lock: get and delete, so often, for as long as that at most."""
SILENCE = ("ReadTimeoutError", "ConnectTimeoutError")
"""Botocore's errors after which nobody is waited for again: one AWS has the locks of all stacks."""
ENDED = 1
"""The exit code of a run whose lock is lost."""


@dataclass
class Held:
    """A lock on a stack, and a client of the Systems Manager that has it."""

    lock: OperatorLock
    ssm: Any
    is_local: bool
    renewed_next: datetime


def ssm_client(environment: dict[str, str]) -> Any:
    """A client of the AWS that tasks with this environment talk to."""
    # It takes half a second, and most command lines hold no lock.
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS},
    )
    return boto3.Session().client("ssm", **client_arguments(environment), config=config)


def not_released(stack: str, held: Held) -> Exception | None:
    """Release the lock; returns what prevents it."""
    try:
        lock_parameter.release(held.ssm, stack, held.lock)
    except Exception as error:  # noqa: BLE001 - whatever it is, the play is over
        is_gone = type(error).__name__ == "EndpointConnectionError"
        # The local AWS was stopped, and its locks went with it.
        return None if is_gone and held.is_local else error
    return None


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "operator_lock"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[str, Held] = {}
        self._play: Any = None
        self._process = os.getpid()
        atexit.register(self._release)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._play = play

    def v2_runner_on_ok(self, result: Any) -> None:
        found = result.result.get("preflight") if result.task.action == "preflight" else None
        if not found or not found["lock"]:
            return
        variables = HostVariables(self._play, result.host)
        self._held[found["stack"]["name"]] = Held(
            lock=OperatorLock(**found["lock"]),
            # Now, since nothing can be imported any more when the process ends.
            ssm=ssm_client(variables["aws_environment"]),
            is_local=found["backend"] == "local",
            renewed_next=datetime.now(UTC) + timedelta(seconds=RENEWAL_SECONDS),
        )

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002 - Ansible's signature
        now = datetime.now(UTC)
        for stack, held in self._held.items():
            if now < held.renewed_next:
                continue
            try:
                is_ours = lock_parameter.renew(held.ssm, stack, held.lock, now)
            except Exception as error:  # noqa: BLE001 - the play goes on, and a later task tries again
                Display().warning(f"The operator's lock on {stack} was not renewed: {error}")
                held.renewed_next = now + timedelta(seconds=RETRY_SECONDS)
                continue
            if not is_ours:
                Display().error(LOST.format(stack, playbook_command("status.yml")), wrap_text=False)
                sys.exit(ENDED)
            held.renewed_next = now + timedelta(seconds=RENEWAL_SECONDS)

    def _release(self) -> None:
        if os.getpid() != self._process:
            return
        error: Exception | None = None
        for stack, held in self._held.items():
            if type(error).__name__ not in SILENCE:
                error = not_released(stack, held)
            if error is not None:
                Display().warning(f"The operator's lock on {stack} was not released: {error}")
