"""Where somebody works with the playbooks: terminals, a local AWS, and what runs there."""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from local_aws_command import eventually
from process_tree import listening_on
from terminal import ROOT, Terminal

from evidence.observe.observation import running_observers
from evidence.record.processes import ProcessIdentity
from local_aws.state.state_directory import StateDirectory
from safeguards import scenarios

COMMAND_SECONDS = 240.0
BRIEFLY = {
    "observation_rate": 50,
    "observation_steady_seconds": 1,
    "observation_seconds": 3,
}
"""Few requests, watched briefly: a machine that is kept busy on purpose has little left."""
SCENARIOS = tuple(
    each.name for each in scenarios.chosen(ROOT / "scenario.yml", ["all"], ["healthy"])
)
"""Those that change something, in the order of the story."""


@dataclass(frozen=True)
class Moment:
    """In the middle of a command, told by what can be seen of it.

    That is what the terminal has shown, one sign after the other, and then, if it matters, that
    the processes of the local AWS and the observation are other ones than they were.
    """

    name: str
    command: tuple[str, ...]
    signs: tuple[str, ...]
    moves: bool = False

    def __str__(self) -> str:
        return self.name


class Workplace:
    """A local AWS with this home, and those of the demonstrations that were typed here."""

    def __init__(
        self,
        home: Path,
        environment: Mapping[str, str] | None = None,
        checkout: Path = ROOT,
    ) -> None:
        """`environment` is what the person who works here has in theirs."""
        self.home = home
        self._checkout = checkout
        self._environment = {**(environment or {}), "LOCAL_AWS_HOME": str(home)}
        self.is_deployed = False
        self._terminal: Terminal | None = None
        self._demonstrations: set[Path] = set()

    def type(self, *command: str) -> Terminal:
        """A playbook watches briefly: it is what it does that matters here, and no bound."""
        if command[0] == "ansible-playbook":
            command = (command[0], "-e", json.dumps(BRIEFLY), *command[1:])
        self._terminal = Terminal(*command, environment=self._environment, checkout=self._checkout)
        return self._terminal

    def run(self, *command: str) -> str:
        """What the command shows; it must succeed."""
        terminal = self.type(*command)
        try:
            status = terminal.ended(COMMAND_SECONDS)
        finally:
            terminal.close()
        assert status == 0, f"{command}: {status}\n{terminal.shown}"
        return terminal.shown

    def deploy(self) -> None:
        self.run("local-aws", "start", "--port", "0")
        self.run("ansible-playbook", "deploy.yml")
        self.is_deployed = True

    def go_to(self, moment: Moment) -> Terminal:
        """A terminal in which that moment has come."""
        terminal = self.type(*moment.command)
        try:
            for sign in moment.signs:
                terminal.until(sign, COMMAND_SECONDS)
            # Ansible names a task before there is a process for it.
            eventually(lambda: len(terminal.processes()) > 1, 60)
            before = self.running()
            if moment.moves:
                eventually(lambda: self.running() != before, 60)
        except BaseException:
            terminal.close()
            raise
        return terminal

    def demonstrations(self) -> set[Path]:
        """The homes of the local AWSs that demonstrations have started here for themselves."""
        if self._terminal:
            for identity in self._terminal.processes():
                self._demonstrations |= set(self._checkout.glob(f".cache/demo/{identity.pid}-*"))
        return self._demonstrations

    def _homes(self) -> set[Path]:
        return {self.home} | self.demonstrations()

    def daemon(self) -> set[ProcessIdentity]:
        owners = (StateDirectory(home).owner() for home in self._homes())
        return {ProcessIdentity(owner.pid, owner.started_at) for owner in owners if owner}

    def envoy(self) -> set[ProcessIdentity]:
        return {each for each in self._started_by_daemon() if b"envoy" in _program(each)}

    def instances(self) -> set[ProcessIdentity]:
        """The processes that the instances run."""
        return self._started_by_daemon() - self.envoy()

    def observer(self) -> set[ProcessIdentity]:
        return {observer.process for observer in running_observers(self._checkout / "runs")}

    def running(self) -> set[ProcessIdentity]:
        """Everything on record: the daemon, what it started, and the observation."""
        return self.daemon() | self._started_by_daemon() | self.observer()

    def _started_by_daemon(self) -> set[ProcessIdentity]:
        found = set()
        records = (home.glob("processes/*.json") for home in self._homes())
        for record in itertools.chain.from_iterable(records):
            try:
                facts = json.loads(record.read_text())
            except (FileNotFoundError, ValueError):  # ended, or not yet begun
                continue
            found.add(ProcessIdentity(facts["pid"], facts["started_at"]))
        return {identity for identity in found if identity.is_running()}


def _program(process: ProcessIdentity) -> bytes:
    """The path of the program that it runs; empty once it has ended."""
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_bytes().partition(b"\0")[0]
    except (FileNotFoundError, ProcessLookupError):
        return b""


def listened_by(processes: set[ProcessIdentity]) -> set[int]:
    """The ports that these processes listen on."""
    found = set()
    for process in processes:
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            found |= {port for _, port in listening_on(process.pid)}
    return found


def is_listened_on(port: int) -> bool:
    """Whether somebody answers; a port that only some connection uses for itself does not count."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def assert_gone(processes: set[ProcessIdentity], listened: Iterable[int] = ()) -> None:
    """None of them runs, or will when what it still did is over, and nobody is on their ports."""
    eventually(lambda: not [process for process in processes if process.is_running()], 30)
    assert [port for port in listened if is_listened_on(port)] == []
