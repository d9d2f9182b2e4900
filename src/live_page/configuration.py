"""A live page's configuration. Apart from its server, so that who starts that need not load it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.observe.reply_shape import ReplyShape

HOST = "127.0.0.1"


@dataclass(frozen=True)
class PageConfig:
    """Credentials are not in it: they stay in the environment, with the endpoint, which is here so
    that a page of another local AWS is known to be another one.

    `port` is on loopback; `token` is what the buttons need. `command` is how a playbook is typed
    for the same stack, without the playbook's name. `read_only` says why there are no buttons, and
    is empty when there are. `reply_shape` is how the service's replies are read.
    """

    stack_name: str
    region: str
    backend: str
    endpoint: str
    checkout: str
    runs_directory: str
    port: int
    token: str
    command: tuple[str, ...]
    read_only: str
    reply_shape: ReplyShape

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """What a person opens. A browser never sends what follows the #."""
        return f"{self.origin}/#{self.token}"

    @property
    def output(self) -> Path:
        """What the playbooks show that the buttons start."""
        return Path(self.runs_directory) / f"live-page-{self.stack_name}.txt"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PageConfig:
        """What `asdict` made of a configuration. Raises TypeError or ValueError for another."""
        shape = ReplyShape.from_dict(values["reply_shape"])
        return cls(**{**values, "command": tuple(values["command"]), "reply_shape": shape})
