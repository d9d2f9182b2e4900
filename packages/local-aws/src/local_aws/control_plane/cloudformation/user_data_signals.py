"""The signals that a stack awaits from user data that no instance runs here.

The resource's events say which line it is. `local-aws start --signal-for-user-data` sends the
signal in its place once the instance serves: it runs, and its targets are healthy, where it has a
program to serve with.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models.instances import Instance
from moto.elbv2.models import elbv2_backends

from local_aws.contract import user_data
from local_aws.control_plane import wiring
from local_aws.control_plane.cloudformation.signals import SignalStatus
from local_aws.control_plane.elbv2 import target_health
from local_aws.control_plane.elbv2.targets import registered
from local_aws.control_plane.lock import LOCK


@dataclass(frozen=True)
class Awaited:
    """The signals that a resource awaits.

    `instances()` are those that may send them now; `line(user_data)` is the one that would, None
    when none would; `put` takes a signal; `by_hand` says how somebody else can send it.
    """

    instances: Callable[[], Collection[Instance]]
    line: Callable[[bytes], user_data.Line | None]
    put: Callable[[str, SignalStatus], None]
    by_hand: str = "send one with SignalResource"


@dataclass
class UserDataSignals:
    """What user data would signal to a resource during one operation; `note` adds an event."""

    awaited: Awaited
    note: Callable[[str], None]
    _is_noted: bool = False
    _sent: set[str] = field(default_factory=set)

    def look(self, unique_ids: Collection[str] | None) -> None:
        """Note what will not come, once, and send what is due; of these instances, or of all."""
        with LOCK:
            for instance in self.awaited.instances():
                if unique_ids is None or instance.id in unique_ids:
                    self._look_at(instance)

    def _look_at(self, instance: Instance) -> None:
        data = base64.b64decode(str(instance.user_data or ""))
        line = self.awaited.line(data)
        if line is None or instance.id in self._sent:
            return
        if not self._is_noted:
            self._is_noted = True
            self.note(f"{instance.id}: {line}. {self._consequence()}")
        if wiring.current().signals_for_user_data and _serves(instance, data):
            self._sent.add(instance.id)
            self.note(received("SUCCESS", instance.id))
            self.awaited.put(instance.id, "SUCCESS")

    def _consequence(self) -> str:
        if wiring.current().signals_for_user_data:
            return "Its signal is sent once the instance serves."
        return (
            f"No signal will come from it: {self.awaited.by_hand}, or let local-aws send it: "
            "local-aws start --signal-for-user-data"
        )


def received(status: str, unique_id: str) -> str:
    """What an event says of a signal."""
    return f"Received {status} signal with UniqueId {unique_id}"


def _serves(instance: Instance, data: bytes) -> bool:
    if instance.state != "running":
        return False
    if not (wiring.current().image_has_program or user_data.is_cloud_config(data)):
        return True  # and nothing more will come of it
    backend: Any = instance.ec2_backend
    groups = elbv2_backends[backend.account_id][backend.region_name].target_groups.values()
    of_its_group = getattr(getattr(instance, "autoscaling_group", None), "target_group_arns", ())
    for group in groups:
        keys = [key for key in registered(group) if key.target_id == instance.id]
        states = {target_health.health_of(group, key).state for key in keys}
        if (group.arn in of_its_group and not keys) or states - {"healthy", "unused"}:
            return False
    fact = wiring.current().facts.instances.get(instance.id)
    return fact is None or fact.alive
