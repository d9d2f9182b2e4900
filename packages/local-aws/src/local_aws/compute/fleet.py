"""All instances of the local AWS: converges their processes to what the control plane wants.

`reconcile` only says what is wanted and returns; booting and ending, which take their time, happen
in threads of their own, one at a time for each instance.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from local_aws.compute import image_program, machine_failure
from local_aws.compute.instance import Instance
from local_aws.compute.unit_process import LONGEST_SHUTDOWN_SECONDS
from local_aws.contract import desired_state
from local_aws.contract.facts import InstanceFact
from local_aws.host import ports
from local_aws.host.process_table import ProcessTable
from local_aws.metadata.service import MetadataService

_LOG = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
_SHUTDOWN_SECONDS = LONGEST_SHUTDOWN_SECONDS + 10.0
_POWER_OFF_SECONDS = 30.0


class Compute:
    """All instances. One thread calls `reconcile`; each instance boots and ends in its own."""

    def __init__(
        self,
        state_directory: Path,
        control_plane_endpoint: str,
        metadata: MetadataService,
        image_command: Sequence[str] = (),
        preferred_ports: Mapping[str, int] | None = None,
        boot_seconds: float = 0.0,
    ) -> None:
        """`image_command`: the program, an absolute path and its arguments, of instances whose user
        data is no cloud-config; without one they run nothing. `preferred_ports`: where instances
        served when their state was saved, by id. `boot_seconds`: how long a machine takes until its
        programs start.
        """
        self._directory = state_directory / "instances"
        self._process_table = ProcessTable(state_directory)
        self._control_plane_endpoint = control_plane_endpoint
        self._metadata = metadata
        self._image_unit = image_program.as_unit(image_command) if image_command else None
        self._preferred_ports = dict(preferred_ports or {})
        self._boot_seconds = boot_seconds
        self._members: dict[str, _Member] = {}
        self._ports: dict[str, int] = {}  # of those that may run again, by id
        self._unstartable: dict[str, str] = {}  # why, by id
        self._desired: dict[str, desired_state.Instance] = {}
        self._known: frozenset[str] = frozenset()

    def reconcile(self, instances: Iterable[desired_state.Instance]) -> None:
        """Boot what is new, boot again what has a higher `boots`, end what is not listed any more.

        An instance that comes back, stopped and started, finds its disk and its port again.
        """
        desired = {instance.instance_id: instance for instance in instances}
        if desired == self._desired:
            return
        for instance in desired.values():
            self._follow(instance)
        for instance_id in self._desired.keys() - desired.keys():
            self._unstartable.pop(instance_id, None)
            if instance_id in self._members:
                self._members[instance_id].follow(None)
        self._desired = desired

    def forget_all_but(self, known: frozenset[str]) -> None:
        """Remove disk and console of every instance that EC2 does not show any more.

        A terminated one is shown, and its console output given, for about an hour.
        """
        if known == self._known or not self._directory.is_dir():
            return
        forgotten = {entry.name for entry in self._directory.iterdir()} - known
        ending = {i for i in forgotten & self._members.keys() if not self._members[i].settle(0)}
        for instance_id in forgotten - ending:
            self._members.pop(instance_id, None)
            self._give_back_ports_of(instance_id)
            # What its programs have made unremovable stays until `local-aws stop`.
            shutil.rmtree(self._directory / instance_id, ignore_errors=True)
        if not ending:
            self._known = known

    def give_back_ports(self, living: frozenset[str]) -> None:
        """Let the ports of instances that will never run again be used by others.

        `living` are all others, stopped ones included. Whose programs have not ended yet keeps its
        ports until a later call.
        """
        for instance_id in self._ports.keys() - living - self._desired.keys():
            member = self._members.get(instance_id)
            if member is None or member.settle(0):
                self._give_back_ports_of(instance_id)

    def _give_back_ports_of(self, instance_id: str) -> None:
        self._preferred_ports.pop(instance_id, None)
        port = self._ports.pop(instance_id, None)
        if port is not None:
            ports.give_back(port)
        self._metadata.forget(instance_id)

    def _follow(self, instance: desired_state.Instance) -> None:
        """One instance that cannot be started, for want of a port or a thread, stops no other."""
        instance_id = instance.instance_id
        try:
            if instance_id not in self._members:
                self._members[instance_id] = self._new_member(instance)
            self._members[instance_id].follow(instance)
            self._unstartable.pop(instance_id, None)
        except Exception as error:  # noqa: BLE001 - whatever it is, its fact says it
            _LOG.exception("%s cannot be started", instance_id)
            self._unstartable[instance_id] = machine_failure.describe(error)

    def facts(self) -> dict[str, InstanceFact]:
        """Every instance that has booted and is to keep running, by id."""
        facts = (self._fact(instance) for instance in self._desired.values())
        return {fact.instance_id: fact for fact in facts if fact is not None}

    def _fact(self, instance: desired_state.Instance) -> InstanceFact | None:
        instance_id = instance.instance_id
        failure = self._unstartable.get(instance_id)
        if failure is None:
            return self._members[instance_id].fact()
        return InstanceFact(instance_id, instance.boots, False, None, 0, "", failure)

    def addresses(self) -> dict[str, tuple[str, int]]:
        """Where each listed instance serves, from before its first boot on: (host, port) by id."""
        listed = {i: self._members[i] for i in self._desired if i in self._members}
        return {i: (LOOPBACK, member.port) for i, member in listed.items()}

    def consoles(self) -> dict[str, str]:
        """The console log of every instance that EC2 still shows, terminated ones included."""
        return {i: str(member.instance.console.path) for i, member in list(self._members.items())}

    def ports(self) -> dict[str, int]:
        """The port of every instance that has one, stopped ones included, by id."""
        return self._preferred_ports | self._ports

    def shut_down(self) -> None:
        """Shut all instances down. Returns when none of their processes is left.

        Raises TimeoutError, which names those that take longer than the slowest unit may.
        """
        self.reconcile(())
        late = self._not_settled(_SHUTDOWN_SECONDS)
        if late:
            raise TimeoutError(
                f"{', '.join(late)} did not shut down within {_SHUTDOWN_SECONDS:g} s"
            )

    def power_off(self) -> None:
        """End all instances without giving them time: nobody will see what they leave."""
        self.reconcile(())
        for member in self._members.values():
            member.instance.power_off()
        self._not_settled(_POWER_OFF_SECONDS)

    def _not_settled(self, seconds: float) -> list[str]:
        """Wait until each instance is what it should be, at most so long; those that are not."""
        deadline = time.monotonic() + seconds
        return [
            instance_id
            for instance_id, member in self._members.items()
            if not member.settle(max(0.0, deadline - time.monotonic()))
        ]

    def _new_member(self, desired: desired_state.Instance) -> _Member:
        port = self._ports.get(desired.instance_id)
        if port is None:
            port = ports.free_port(self._preferred_ports.get(desired.instance_id))
            self._ports[desired.instance_id] = port
        instance = Instance(
            self._directory / desired.instance_id,
            process_table=self._process_table,
            environment={
                "PORT": str(port),
                "LISTEN_ADDRESS": LOOPBACK,
                "AWS_ENDPOINT_URL": self._control_plane_endpoint,
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": self._metadata.endpoint(desired.instance_id),
            },
            image_unit=self._image_unit,
        )
        return _Member(desired.instance_id, instance, port, self._metadata, self._boot_seconds)


class _Member:
    """One instance and the thread, if any, that converges it to its desired state."""

    def __init__(
        self,
        instance_id: str,
        instance: Instance,
        port: int,
        metadata: MetadataService,
        boot_seconds: float,
    ) -> None:
        self.instance = instance
        self.port = port
        self._instance_id = instance_id
        self._metadata = metadata
        self._boot_seconds = boot_seconds
        self._guard = threading.Condition()
        self._desired: desired_state.Instance | None = None
        self._booted: desired_state.Instance | None = None
        self._working = False
        self._failure: str | None = None

    def follow(self, desired: desired_state.Instance | None) -> None:
        with self._guard:
            self._desired = desired
            if desired is not None:
                self._metadata.serve(desired)
            if not self._working and self._boots(desired) != self._boots(self._booted):
                name = f"boot {self._instance_id}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
                self._working = True
            self._guard.notify_all()

    def fact(self) -> InstanceFact | None:
        with self._guard:
            booted, failure = self._booted, self._failure
        if booted is None:
            return None
        return InstanceFact(
            instance_id=self._instance_id,
            boots=booted.boots,
            alive=self.instance.alive,
            pid=self.instance.pid,
            port=self.port,
            log_path=str(self.instance.console.path),
            failure=failure or self.instance.failure,
        )

    def settle(self, seconds: float) -> bool:
        """Wait until the instance is what it should be, at most so long; returns whether it is."""
        with self._guard:
            return self._guard.wait_for(lambda: not self._working, seconds)

    def _work(self) -> None:
        """Try each boot and each end once, until nothing else is wanted meanwhile."""
        while True:
            with self._guard:
                desired = self._desired
                if self._boots(desired) == self._boots(self._booted):
                    self._working = False
                    self._guard.notify_all()
                    return
            try:
                self._become(desired)
            except Exception as error:  # noqa: BLE001 - its fact says it, and nobody waits for it
                _LOG.exception("%s cannot be booted or ended", self._instance_id)
                self._set_booted(desired, machine_failure.describe(error))

    def _become(self, desired: desired_state.Instance | None) -> None:
        if self._booted is not None:
            self.instance.shut_down()
        if desired is not None:
            if self._boot_seconds:
                self._set_booted(desired)  # it runs, and nothing of it yet
                if not self._is_still_wanted(desired, self._boot_seconds):
                    return
            self.instance.boot(desired)
        self._set_booted(desired)
        with self._guard:
            if self._desired is None:
                self._metadata.withdraw(self._instance_id)

    def _set_booted(
        self, booted: desired_state.Instance | None, failure: str | None = None
    ) -> None:
        with self._guard:
            self._booted = booted
            self._failure = failure

    def _is_still_wanted(self, desired: desired_state.Instance, seconds: float) -> bool:
        """Whether nothing else is wanted of it for so long; returns at once when it is."""
        with self._guard:
            wanted = self._boots(desired)
            return not self._guard.wait_for(lambda: self._boots(self._desired) != wanted, seconds)

    @staticmethod
    def _boots(instance: desired_state.Instance | None) -> int | None:
        return instance.boots if instance is not None else None
