"""Where scenarios are played with a defect, or without one: a local AWS of a checkout's own."""

from __future__ import annotations

import json
import marshal
import os
from pathlib import Path
from types import CodeType, TracebackType

import pytest
from checkout import OwnCheckout
from defects import Defect, Finding
from live_service import LiveService
from local_aws_command import LocalAws
from terminal import Terminal
from workplace import COMMAND_SECONDS

SERVER = "files/recommendation_server"
LOCAL_AWS = "packages/local-aws/src/local_aws"
_SCENARIO = (
    *("ansible-playbook", "scenario.yml"),
    # As in a negative control, too many failed requests are a finding and no reason to end.
    *("-e", "observation_abort_below=0"),
    # With a defect much is awaited that never comes.
    *("-e", "observation_timeout_seconds=15"),
    *("-e", "instance_credentials_timeout_seconds=60"),
    # One that stays unjudged says no more the third time.
    *("-e", "observation_attempts=2"),
)
# Enough to see what concerns each reply or every hundredth; more requests would refute it, too.
FEW_REQUESTS = ("-e", "observation_steady_seconds=1", "-e", "observation_seconds=4")
_RARE = 0.01
_SERVER_ON_INSTANCE = "root/opt/recommendation-server/app/recommendation_server"


def skip_if_too_busy(finding: Finding) -> None:
    if finding.machine_was_too_busy:
        pytest.skip(f"the machine was too busy to judge: {finding.claims[0]}")


def _bytecode(file: Path) -> CodeType:
    """What Python runs of a compiled module, after sixteen bytes of head (PEP 552)."""
    code: CodeType = marshal.loads(file.read_bytes()[16:])  # noqa: S302 - made by us
    return code


def _compiled(file: Path) -> CodeType:
    return compile(file.read_bytes(), file.name, "exec", dont_inherit=True)


class DefectBench:
    """Both commands and all that they start run the checkout's sources; nothing outlives it."""

    def __init__(self, checkout: OwnCheckout, home: Path) -> None:
        self._checkout = checkout
        self._home = home

    def __enter__(self) -> DefectBench:
        # It ends with this process, should that be killed.
        self._run("local-aws", "start", "--port", "0", "--with-process", str(os.getpid()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("local-aws", "stop")

    def deploy(self, defect: Defect | None = None) -> None:
        """Deploy what the checkout has now, which may be a defect: then that is what runs."""
        self._run("ansible-playbook", "deploy.yml")
        assert defect is None or self._runs(defect), f"{defect}: the file as it was runs"

    def _runs(self, defect: Defect) -> bool:
        """Whether the local AWS, or each of its instances, runs the file as the checkout has it."""
        if defect.file.startswith(LOCAL_AWS):
            return self._checkout.has_imported(defect.file)
        file = self._checkout.root / defect.file
        instances = LiveService(LocalAws(self._home)).in_service()
        disks = (self._home / "instances" / each / _SERVER_ON_INSTANCE for each in instances)
        return bool(instances) and all(
            _bytecode(disk / f"{file.name}c") == _compiled(file) for disk in disks
        )

    def examine(self, defect: Defect) -> Finding:
        """What its scenario says of a defect that is deployed."""
        is_rare = defect.share is not None and defect.share < _RARE
        return self.play(defect.scenario, *(() if is_rare else FEW_REQUESTS))

    def play(self, scenario: str, *options: str) -> Finding:
        """What the scenario says."""
        latest = self._checkout.root / "runs" / "latest"
        before = latest.resolve()
        _, shown = self._type(*_SCENARIO, "--tags", scenario, *options)
        verdicts = latest / "verdicts.json"
        assert latest.resolve() != before, f"nothing was observed:\n{shown}"
        assert verdicts.exists(), f"nothing was judged:\n{shown}"
        [result] = json.loads(verdicts.read_text())["scenarios"]
        return Finding.of(result)

    def _run(self, *command: str) -> None:
        status, shown = self._type(*command)
        assert status == 0, f"{command}: {status}\n{shown}"

    def _type(self, *command: str) -> tuple[int, str]:
        """The command's status, and what it showed."""
        terminal = Terminal(
            *command,
            environment={"LOCAL_AWS_HOME": str(self._home)},
            checkout=self._checkout.root,
            commands=self._checkout.commands,
        )
        try:
            return terminal.ended(COMMAND_SECONDS), terminal.shown
        finally:
            terminal.close()
