"""How late AWS shows and does what a request changes: at once by default, late with `--unkind`.

    delays.configure(UNKIND)       once, before the first request
    delays.current().boot          read where it matters
    delays.POLICIES.shown(key, value)    the value as it was that long ago

Automation of AWS meets these delays, and seldom in a rehearsal. AWS documents only that they exist;
the figures are among the longer ones that its users report.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from moto.core.utils import utcnow
from moto.ec2.models.instances import Instance
from moto.iam.models import InstanceProfile

from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.control_plane.past import Past

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

_KEPT_SECONDS = 60.0
"""What was not looked at for so long is there no more: late_views.py looks at all, each round."""


@dataclass(frozen=True)
class Delays:
    """All in seconds; 0 is at once."""

    policies: float = 0.0
    """IAM: until a changed policy counts ("Changes that I make are not always immediately
    visible" in the IAM User Guide)."""
    profiles: float = 0.0
    """EC2: how long an association of an instance profile is `associating` or `disassociating`."""
    metadata: float = 0.0
    """Until the metadata service has what a changed association gives, or has it no more."""
    new_instances: float = 0.0
    """EC2: until an instance that was launched is found by its id, and listed ("Ensure idempotency
    and eventual consistency" in the EC2 Developer Guide)."""
    target_health: float = 0.0
    """ELB: how old the health is that DescribeTargetHealth returns."""
    load_balancers: float = 0.0
    """ELB: how long a load balancer is `provisioning`, and answers nobody."""
    boot: float = 0.0
    """From `running`, or a reboot, until the first program of an instance starts."""
    throttled: bool = False
    """Whether an API refuses calls that come too fast (endpoint/request_rates.py)."""
    shortest_health_check_interval: int = 1
    """ELB: AWS has 5."""


KIND = Delays()
UNKIND = Delays(
    policies=10.0,
    profiles=5.0,
    metadata=10.0,
    new_instances=3.0,
    target_health=5.0,
    load_balancers=60.0,
    boot=60.0,
    throttled=True,
    shortest_health_check_interval=5,
)
_current = KIND


def configure(delays: Delays) -> None:
    global _current
    _current = delays


def current() -> Delays:
    return _current


def is_found(instance: Instance) -> bool:
    """Whether EC2 shows an instance to clients."""
    seconds = _current.new_instances
    return not seconds or utcnow() - instance.launch_time >= timedelta(seconds=seconds)


class Delayed(Generic[_Key, _Value]):
    """Values that are shown as they were a while ago, to any thread."""

    def __init__(self, seconds: Callable[[Delays], float]) -> None:
        self._seconds = seconds
        self._past: Past[_Key, _Value] = Past(_KEPT_SECONDS)
        self._guard = threading.Lock()

    def shown(self, key: _Key, value: _Value) -> _Value:
        """What `value` was; a value that was never looked at before is shown at once.

        A change is noticed at the first look after it, so whoever has one looks often
        (reconciler.py).
        """
        seconds = self._seconds(_current)
        if not seconds:
            return value
        with self._guard:
            now = time.monotonic()
            self._past.note(key, value, now)
            return self._past.at(key, now - seconds)


Document = str | Mapping[str, object]

POLICIES: Delayed[str, tuple[Document, ...]] = Delayed(lambda delays: delays.policies)
"""The policies' documents of a role or user, by its ARN."""
METADATA: Delayed[str, InstanceProfile | None] = Delayed(lambda delays: delays.metadata)
"""The instance profile that the metadata service knows of, by the instance's id."""
TARGET_HEALTH: Delayed[TargetKey, TargetHealth] = Delayed(lambda delays: delays.target_health)
