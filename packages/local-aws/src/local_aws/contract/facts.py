"""The actual state: facts the data plane reports, which the control plane's describe calls show.

Data flows one way: `DesiredState` down, `Facts` back. Writers replace whole values, readers take
them as they are; a lock is not needed because every value is immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from local_aws.contract.access_log import AccessLogEntry
from local_aws.contract.traffic import Traffic


class TargetKey(NamedTuple):
    """A target of a target group: an instance id, or an address for ip target groups, at a port."""

    target_group_arn: str
    target_id: str
    port: int


TargetState = Literal["initial", "healthy", "unhealthy", "unused", "draining", "unavailable"]


@dataclass(frozen=True)
class TargetHealth:
    """One row of DescribeTargetHealth. `reason` and `description` are None when healthy."""

    state: TargetState
    reason: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class InstanceFact:
    """An instance as the data plane sees it.

    `alive` is False when its main process ended and its unit does not restart it: then Auto
    Scaling replaces the instance, as EC2 status checks would have it replaced. `failure` is why it
    could not boot or run its units, though nothing is wrong with them: a full disk, for example.
    """

    instance_id: str
    boots: int
    alive: bool
    pid: int | None
    port: int  # where the instance serves on loopback
    log_path: str
    failure: str | None = None


@dataclass
class Facts:
    """What the data plane reports; each member is replaced as a whole."""

    instances: Mapping[str, InstanceFact] = field(default_factory=dict)
    """By instance id."""

    consoles: Mapping[str, str] = field(default_factory=dict)
    """The path of each console log by instance id, also of instances that were terminated."""

    target_health: Mapping[TargetKey, TargetHealth] = field(default_factory=dict)
    """Of every target in the desired state, as its checks give it."""

    targets_in_use: frozenset[TargetKey] = frozenset()
    """The targets that get requests, and those that were deregistered with requests in flight that
    are not answered yet."""

    load_balancing_refusal: str | None = None
    """Why the load balancers are not as they should be: what Envoy says about its configuration."""

    read_traffic: Callable[[], Traffic] = Traffic
    """Reads what the load balancers have counted: only when it is needed, since it costs
    some milliseconds. Any thread may call it."""

    access_log_bytes: int = 0
    """How much of the load balancers' access logs waits to be taken."""

    take_access_log: Callable[[], Iterable[AccessLogEntry]] = tuple
    """Takes the requests of all load balancers that have an access log since the last call, which
    can take half a second. Only the thread that writes these facts may call it."""
