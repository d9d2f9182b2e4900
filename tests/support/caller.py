"""Somebody who types commands, with an environment, a umask and limits of their own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from terminal import BIN, ROOT

TYPED_SECONDS = 120.0


@dataclass(frozen=True)
class Typed:
    """How a command ended, and what it printed on either stream."""

    status: int
    output: str

    @property
    def is_one_line(self) -> bool:
        """A refusal as it should be: an error status and one line, without a traceback."""
        lines = self.output.strip().splitlines()
        return self.status != 0 and len(lines) == 1 and "Traceback" not in self.output


@dataclass(frozen=True)
class Caller:
    """`state` is LOCAL_AWS_HOME; `environment` is added to what has no AWS_ variable in it."""

    state: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None
    """Called in the new process before the command: sets a umask or a limit."""
    commands: Path = BIN

    def type(self, *words: str, folder: Path = ROOT) -> Typed:
        """Run a command and wait for its end."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        own = {"LOCAL_AWS_HOME": str(self.state), "ANSIBLE_NOCOLOR": "1"}
        done = subprocess.run(
            [str(self.commands / words[0]), *words[1:]],
            cwd=folder,
            env={**clean, **own, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TYPED_SECONDS,
            check=False,
            preexec_fn=self._prepare,
        )
        return Typed(done.returncode, done.stdout)

    def _prepare(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if self.prepare:
            self.prepare()
