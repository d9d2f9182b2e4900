"""What the story must know of a task of Ansible's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

Outcome = Literal["ok", "changed", "skipped", "ignored", "failed", "unreachable"]

_BOOKKEEPING = {
    *("assert", "set_fact", "meta", "preflight", "validate_argument_spec"),
    *("include_role", "include_tasks", "import_role", "import_tasks"),
    *("server_archive", "recorded_faults", "service_placement"),
}
"""What changes nothing and is no news when it went well."""


@dataclass(frozen=True)
class Task:
    """`arguments` are as written: what is computed is still a template.

    `is_rescued` says that a block's rescue follows when it fails.
    """

    name: str
    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_rescued: bool = False

    @property
    def module(self) -> str:
        """Its action without the collection."""
        return self.action.rpartition(".")[2]

    @property
    def is_bookkeeping(self) -> bool:
        return self.module in _BOOKKEEPING or self.module.endswith("_info")

    @property
    def changes_stack(self) -> bool:
        """Whether CloudFormation works while this task waits."""
        return self.module == "cloudformation" or self.deletes_stack

    @property
    def deletes_stack(self) -> bool:
        return self.module == "stack_state" and self.argument("state") == "absent"

    def argument(self, name: str) -> str:
        """An argument that is written as it is; empty for one that is computed or left out."""
        value = str(self.arguments.get(name) or "")
        return "" if "{{" in value else value


def said_by(result: Mapping[str, Any]) -> list[str]:
    """The lines of a debug task's message; none for one that shows a variable."""
    message = result.get("msg")
    if isinstance(message, Mapping):
        written = yaml.safe_dump(dict(message), allow_unicode=True, sort_keys=False, width=10_000)
        return written.rstrip("\n").split("\n")
    if isinstance(message, list | tuple):
        return [str(line) for line in message]
    return [] if message is None else str(message).split("\n")
