"""One unit's process on a running instance: start it, wait for its end, start it again."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Mapping

from local_aws.compute import machine_failure
from local_aws.compute.console import Console
from local_aws.compute.disk import Disk
from local_aws.compute.systemd_unit import Unit, UnitError, parse_environment_file
from local_aws.host import processes
from local_aws.host.process_table import Child, ProcessTable

_LOG = logging.getLogger(__name__)

SHUTDOWN_GRACE_SECONDS = 10.0
"""What a unit has to end that says nothing of it; systemd's 90 s would be long to wait for here."""
LONGEST_SHUTDOWN_SECONDS = 240.0
"""EC2 User Guide, "Reboot your instance": after a few minutes the machine is reset."""
_ORDER_POLL_SECONDS = 0.05


class UnitProcess:
    """Carries out a unit's start, order and Restart= in a thread of its own until `stop`.

    `host_environment` is what every unit of the machine gets, and wins over the unit's own; `after`
    are the units that must have started before, `requires` those of them that must not have failed.
    """

    def __init__(
        self,
        unit: Unit,
        *,
        disk: Disk,
        console: Console,
        process_table: ProcessTable,
        host_environment: Mapping[str, str],
        after: list[UnitProcess],
        requires: list[UnitProcess],
    ) -> None:
        self.unit = unit
        self._disk = disk
        self._console = console
        self._process_table = process_table
        self._host_environment = host_environment
        self._after = after
        self._requires = requires
        self._failed = False
        self._started = threading.Event()
        self._stopping = threading.Event()
        self._guard = threading.Lock()  # a process is not started once stop has begun
        self._child: Child | None = None
        self._over = False
        self.machine_failure: str | None = None
        """Why the instance cannot run any unit: no fault of the unit's."""
        self._thread = threading.Thread(target=self._run, name=f"unit {unit.name}", daemon=True)

    @property
    def pid(self) -> int | None:
        child = self._child
        return child.pid if child is not None and child.is_running() else None

    @property
    def has_started(self) -> bool:
        """As systemd's order means it: a oneshot has started when it has ended."""
        return self._started.is_set()

    @property
    def has_failed(self) -> bool:
        """Whether it could not be started, or ended with another status than 0 for good."""
        return self._failed

    @property
    def has_ended_for_good(self) -> bool:
        """True when it ran, ended by itself and Restart= does not start it again."""
        return self._over and self._child is not None and not self._stopping.is_set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """SIGTERM, as long as its TimeoutStopSec= says, SIGKILL. Returns when nothing is left.

        Raises TimeoutError when a process survives that.
        """
        with self._guard:
            self._stopping.set()
        child = self._child
        if child is not None:
            said = self.unit.stop_seconds
            child.end(
                SHUTDOWN_GRACE_SECONDS if said is None else min(said, LONGEST_SHUTDOWN_SECONDS)
            )
        self._thread.join()

    def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        child = self._child
        if child is not None:
            processes.end(child.identity, grace_seconds=0)

    def _run(self) -> None:
        try:
            for other in self._after:
                while not (other.has_started or self._stopping.is_set()):
                    self._stopping.wait(_ORDER_POLL_SECONDS)
            self._check_required()
            self._supervise()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said and has an effect
            self._fail(error)
        finally:
            self._over = True
            self._started.set()

    def _check_required(self) -> None:
        failed = next((other.unit.name for other in self._requires if other.has_failed), None)
        if failed is not None:
            raise UnitError(f"Dependency failed for {self.unit.name}: {failed}")

    def _fail(self, error: Exception) -> None:
        """A unit that is wrong has failed; a machine that cannot run it is of no use."""
        self._failed = True
        reason = machine_failure.describe(error)
        name = self.unit.name
        self._console.say("systemd", reason if name in reason else f"{name}: failed: {reason}")
        if machine_failure.is_of_the_machine(error):
            _LOG.error("%s: %s", self._console.path, name, exc_info=error)
            self.machine_failure = f"{name}: {reason}"

    def _supervise(self) -> None:
        starts: deque[float] = deque(maxlen=self.unit.start_limit_burst)
        while not self._stopping.is_set():
            full = starts and len(starts) == starts.maxlen  # a burst of 0 is no limit
            if full and time.monotonic() - starts[0] < self.unit.start_limit_seconds:
                raise UnitError(f"{self.unit.name}: start request repeated too quickly: it is over")
            starts.append(time.monotonic())
            status = self._run_once()
            if status is None or self._stopping.is_set():
                return
            self._console.say("systemd", f"{self.unit.name}: {_describe(status)}")
            if not self.unit.restarts_after(status):
                self._failed = status != 0
                return
            self._stopping.wait(min(self.unit.restart_seconds, threading.TIMEOUT_MAX))

    def _run_once(self) -> int | None:
        """Start the process and wait for its end; None when the instance is being stopped."""
        command = list(self.unit.command)
        if self.unit.is_on_disk:
            command = self._disk.host_command(self.unit.name, command)
        directory = self._disk.folder(self.unit.working_directory)
        environment = self._environment()
        with self._guard, self._console.opened() as output:
            if self._stopping.is_set():
                return None
            self._child = self._process_table.start(
                command, environment=environment, directory=directory, output=output
            )
        self._console.say("systemd", f"{self.unit.name}: started with pid {self._child.pid}")
        if self.unit.type != "oneshot":
            self._started.set()
        return self._child.wait()

    def _environment(self) -> dict[str, str]:
        variables = dict(self.unit.environment)
        for file in self.unit.environment_files:
            text = self._disk.text(file.removeprefix("-"))
            if text is not None:
                variables |= parse_environment_file(self.unit.name, text)
            elif not file.startswith("-"):
                raise UnitError(f"{self.unit.name}: EnvironmentFile={file} does not exist")
        states = [
            str(self._disk.make_folder(f"/var/lib/{directory}"))
            for directory in self.unit.state_directories
        ]
        if states:
            variables["STATE_DIRECTORY"] = ":".join(states)
        mapped = {name: self._disk.host_word(value) for name, value in variables.items()}
        return mapped | dict(self._host_environment)


def _describe(status: int) -> str:
    return f"ended by signal {-status}" if status < 0 else f"ended with status {status}"
