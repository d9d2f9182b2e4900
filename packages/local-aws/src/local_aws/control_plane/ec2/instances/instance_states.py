"""An instance's states: moto jumps to the end at once, AWS passes through the ones in between.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html; LaunchTime
and AttachedEbsStatus in API_Instance and API_InstanceStatus; EC2's words as users reported them
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance, InstanceState, StateReason

from local_aws.contract.facts import Facts, InstanceFact
from local_aws.control_plane import moto_seams, wiring
from local_aws.control_plane.ec2.instances import network_of_ended
from local_aws.control_plane.ec2.network_interfaces import elastic_ips

SHUTDOWN_SECONDS = 1.0
"""An instance that is told to stop or terminate leaves its load balancers at once, but serves on
for this long: requests on their way to it are answered. A real instance's shutdown takes longer."""

_TERMINATED_VISIBLE_SECONDS = 3600.0  # AWS: "for a short while", usually about one hour

_CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}
_REACHED_WHEN_ENDED = {"stopping": "stopped", "shutting-down": "terminated"}


@dataclass
class Lifecycle:
    """What moto does not keep of an instance."""

    boots: int = 1
    started_at: datetime | None = None  # where it was stopped before
    leaving_since: float | None = None  # seconds since the epoch; told to stop or to terminate
    failure: str | None = None  # why the data plane could not run it


_moto_init = Instance.__init__
_moto_start = Instance.start
_moto_stop = Instance.stop
_moto_terminate = Instance.terminate


def install() -> None:
    moto_seams.replace(
        Instance,
        __init__=_launch,
        start=_start,
        stop=_stop,
        terminate=_terminate,
        reboot=_reboot,
        instance_status=property(_instance_status),
    )
    moto_seams.add(
        Instance,
        LaunchTime=property(_last_launched),
        attached_ebs_status=property(_attached_ebs_status),
    )


def lifecycle(instance: Instance) -> Lifecycle:
    """What is noted of an instance's life, made at the first look."""
    return moto_seams.notes(instance, Lifecycle)


def advance(facts: Facts, now: float) -> None:
    """Move each instance on to the state that the data plane's facts show.

    `now` is seconds since the epoch. Call it under LOCK.
    """
    for backend in moto_seams.backends_in_use(ec2_backends):
        for reservation_id, reservation in list(backend.reservations.items()):
            for instance in list(reservation.instances):
                _advance_instance(instance, facts.instances.get(instance.id), now)
                if _is_forgotten(instance, now):
                    reservation.instances.remove(instance)
            if not reservation.instances:
                del backend.reservations[reservation_id]


def is_wanted(instance: Instance, now: float) -> bool:
    """Tell whether the data plane should run the instance's processes at `now`."""
    leaving_since = lifecycle(instance).leaving_since
    if instance.state in _REACHED_WHEN_ENDED and leaving_since is not None:
        return now < leaving_since + SHUTDOWN_SECONDS
    return instance.state in ("pending", "running")


def _advance_instance(instance: Instance, fact: InstanceFact | None, now: float) -> None:
    if fact and fact.failure and fact.boots >= lifecycle(instance).boots:
        _fail(instance, fact.failure)
    if instance.state == "pending":
        # An instance whose boot went wrong is running too; its status check reports the rest.
        has_booted = fact is not None and fact.boots >= lifecycle(instance).boots
        if has_booted or not wiring.current().has_data_plane:
            _set_state(instance, "running")
    elif instance.state in _REACHED_WHEN_ENDED:
        ended = fact is None or fact.pid is None
        if ended and not is_wanted(instance, now):
            _set_state(instance, _REACHED_WHEN_ENDED[instance.state])


def _fail(instance: Instance, failure: str) -> None:
    """EC2: "Instance terminates immediately": the state reason says why."""
    if instance.state not in ("pending", "running"):
        return
    instance.terminate()
    lifecycle(instance).failure = failure
    instance.state_reason = StateReason(
        "Server.InternalError: An internal error caused the instance to terminate during launch: "
        f"{failure}",
        "Server.InternalError",
    )
    instance._reason = instance.state_reason.message


def _is_forgotten(instance: Instance, now: float) -> bool:
    leaving_since = lifecycle(instance).leaving_since
    if instance.state != "terminated" or leaving_since is None:
        return False
    return now > leaving_since + _TERMINATED_VISIBLE_SECONDS


def _launch(self: Instance, *args: Any, **kwargs: Any) -> None:
    _moto_init(self, *args, **kwargs)
    _set_state(self, _first("pending", "running"))


def _start(self: Instance) -> InstanceState:
    if self.state in ("pending", "running"):
        return copy.copy(self._state)
    _require(self, "stopped", "started")
    previous = _moto_start(self)
    lifecycle(self).boots += 1
    lifecycle(self).leaving_since = None
    lifecycle(self).started_at = utcnow()
    _set_state(self, _first("pending", "running"))
    return previous


def _stop(self: Instance) -> InstanceState:
    if self.state in ("stopping", "stopped"):
        return copy.copy(self._state)
    if self.state == "pending" and lifecycle(self).boots == 1:
        raise EC2ClientError(
            "IncorrectInstanceState",
            f"Instance '{self.id}' cannot be stopped as it has never reached the 'running' state.",
        )
    _require(self, "running", "stopped")
    previous = _moto_stop(self)
    lifecycle(self).leaving_since = time.time()
    _set_state(self, _first("stopping", "stopped"))
    return previous


def _terminate(self: Instance) -> InstanceState:
    if self.state in ("shutting-down", "terminated"):
        return copy.copy(self._state)
    elastic_ips.free(self.ec2_backend, self.nics.values())
    going = [interface for interface in self.nics.values() if interface.delete_on_termination]
    for interface in going:  # moto deletes them at once; the instance still has its address
        interface.delete_on_termination = False
    previous = _moto_terminate(self)
    for interface in going:
        interface.delete_on_termination = True
    lifecycle(self).leaving_since = time.time()
    _set_state(self, _first("shutting-down", "terminated"))
    return previous


def _reboot(self: Instance) -> None:
    _require(self, "running", "rebooted")
    lifecycle(self).boots += 1


def _last_launched(self: Instance) -> datetime:
    """What its answer shows; moto's launch_time stays that of the first launch."""
    return lifecycle(self).started_at or self.launch_time


def _attached_ebs_status(self: Instance) -> dict[str, Any]:
    """No volume ever fails here."""
    if self.state != "running":
        return {"Status": "not-applicable"}
    return {"Details": [{"Name": "reachability", "Status": "passed"}], "Status": "ok"}


def _instance_status(self: Instance) -> dict[str, Any]:
    """Describe the instance's reachability: impaired once its main process has ended."""
    if self.state != "running":
        return {"Status": "not-applicable"}
    fact = wiring.current().facts.instances.get(self.id)
    passed = fact is None or fact.alive
    return {
        "Details": [{"Name": "reachability", "Status": "passed" if passed else "failed"}],
        "Status": "ok" if passed else "impaired",
    }


def _first(transitional: str, final: str) -> str:
    """Without a data plane nothing has to be waited for."""
    return transitional if wiring.current().has_data_plane else final


def _set_state(instance: Instance, name: str) -> None:
    instance._state = InstanceState(name, _CODES[name])
    if name == "pending":
        instance.state_reason = StateReason("pending", "pending")
    elif name == "running":
        instance.state_reason = StateReason()
    elif name == "terminated":
        network_of_ended.leave(instance)


def _require(instance: Instance, state: str, verb: str) -> None:
    if instance.state != state:
        article = "This" if verb == "stopped" else "The"
        raise EC2ClientError(
            "IncorrectInstanceState",
            f"{article} instance '{instance.id}' is not in a state from which it can be {verb}.",
        )
