"""One instance on this machine: its folder, its console, its boots and its end.

instances/<id>/root         the disk; written by cloud-init on the first boot only
instances/<id>/console.log  what boots and programs print
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from local_aws.compute import cloud_config, machine_failure, systemd_unit
from local_aws.compute.console import Console
from local_aws.compute.disk import Disk
from local_aws.compute.systemd_unit import Unit
from local_aws.compute.unit_process import UnitProcess
from local_aws.contract import desired_state, user_data
from local_aws.host.folders import private_folder
from local_aws.host.process_table import ProcessTable

_LOG = logging.getLogger(__name__)


class Instance:
    """One caller boots and shuts down; any may read `pid` and `alive`, and power it off."""

    def __init__(
        self,
        directory: Path,
        *,
        process_table: ProcessTable,
        environment: Mapping[str, str],
        image_unit: Unit | None,
    ) -> None:
        """`environment` is what every unit of this instance gets: where it listens, where its
        metadata service and the AWS endpoint are. `image_unit` runs when user data is no
        cloud-config; without one nothing does.
        """
        self._directory = directory
        self._disk = Disk(directory / "root")
        self.console = Console(directory / "console.log")
        self._process_table = process_table
        self._image_unit = image_unit
        self._environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self._disk.path("/root")),
            "TMPDIR": str(self._disk.path("/tmp")),  # noqa: S108 - inside the instance's disk
            **environment,
        }
        self._units: list[UnitProcess] = []
        self._boot_failure: str | None = None

    def boot(self, desired: desired_state.Instance) -> None:
        """Start what this boot starts; returns at once, units start in their order by themselves.

        Wrong user data does not raise: as on EC2 the instance then runs without a service, and
        its console log says why. What makes booting itself impossible, a full disk for example, is
        its `failure`.
        """
        self._boot_failure = None
        with suppress(OSError):  # the console is in it; what else needs it says why
            private_folder(self._directory)
        self.console.say("kernel", f"boot {desired.boots} of {desired.instance_id}")
        try:
            self._start_units(systemd_unit.in_start_order(self._units_of_this_boot(desired)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said and has an effect
            reason = machine_failure.describe(error)
            self.console.say("cloud-init", f"failed: {reason}")
            if machine_failure.is_of_the_machine(error):
                _LOG.error("%s: boot failed", desired.instance_id, exc_info=error)
                self._boot_failure = reason

    def _start_units(self, units: list[Unit]) -> None:
        self._units = []
        for unit in units:
            process = UnitProcess(
                unit,
                disk=self._disk,
                console=self.console,
                process_table=self._process_table,
                host_environment=self._environment,
                after=[other for other in self._units if other.unit.name in unit.after],
                requires=[other for other in self._units if other.unit.name in unit.requires],
            )
            self._units = [*self._units, process]
            process.start()

    def shut_down(self) -> None:
        """End all units, the last started first. Returns when none of their processes is left,
        or when it is of no use to wait any longer; then the daemon's log says so."""
        for process in reversed(self._units):
            try:
                process.stop()
            except Exception:  # noqa: BLE001 - the other units must end all the same
                _LOG.exception("%s: %s does not end", self.console.path, process.unit.name)
        self._units = []
        self._boot_failure = None
        self.console.say("kernel", "shut down")

    def power_off(self) -> None:
        """Kill all units. Those that are not being shut down are started again."""
        for process in self._units:
            process.kill()

    @property
    def pid(self) -> int | None:
        """The pid of the main unit's process; None while it has none."""
        main = self._main_unit
        return main.pid if main is not None else None

    @property
    def alive(self) -> bool:
        """False when the main unit has ended for good. Without a main unit nothing can die."""
        main = self._main_unit
        return main is None or not main.has_ended_for_good

    @property
    def failure(self) -> str | None:
        """Why the machine cannot run its units, in one line; None when it can."""
        failures = (process.machine_failure for process in self._units)
        return self._boot_failure or next(filter(None, failures), None)

    @property
    def _main_unit(self) -> UnitProcess | None:
        """The first service that is meant to keep running."""
        return next((unit for unit in self._units if unit.unit.type != "oneshot"), None)

    def _units_of_this_boot(self, desired: desired_state.Instance) -> list[Unit]:
        first_boot = self._disk.is_blank
        line = user_data.signalling_line(desired.user_data) if first_boot else None
        if line:
            self.console.say("cloud-init", f"{line}: no signal comes from it")
        config = cloud_config.parse(desired.user_data)
        if first_boot:
            self._disk.format()
        if config is None:
            return self._units_of_the_image()
        if first_boot:
            for name in config.pythons:
                self._disk.install_python(name)
            for file in config.files:
                self._disk.write(file)
            for note in config.skipped:
                self.console.say("cloud-init", note)
        names = config.started if first_boot else config.enabled
        if not names:
            self.console.say("cloud-init", "no unit is started: runcmd enables none")
        return self._with_those_they_require(names)

    def _with_those_they_require(self, names: Iterable[str]) -> list[Unit]:
        units: dict[str, Unit] = {}
        waiting = deque(names)
        while waiting:
            name = waiting.popleft()
            if name not in units:
                units[name] = systemd_unit.parse(name, self._disk.unit_text(name))
                waiting.extend(units[name].requires)
        return list(units.values())

    def _units_of_the_image(self) -> list[Unit]:
        if self._image_unit is None:
            self.console.say(
                "cloud-init",
                "user data is no cloud-config, and the image has no program: nothing runs. Give it "
                "one with: local-aws start --image-program 'PROGRAM ARGUMENTS'",
            )
            return []
        self.console.say("cloud-init", "user data is no cloud-config: the image's program runs")
        return [self._image_unit]
