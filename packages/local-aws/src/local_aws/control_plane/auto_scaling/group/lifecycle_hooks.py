"""Lifecycle hooks: what an instance waits for when it is launched or terminated. Pure decisions.

Sources: https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
and https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"

Result = Literal["CONTINUE", "ABANDON"]

_LONGEST_WAIT_SECONDS = 48 * 3600


@dataclass
class LifecycleHook:
    """One row of DescribeLifecycleHooks; the names are the API's, in moto's spelling."""

    auto_scaling_group_name: str
    lifecycle_hook_name: str
    lifecycle_transition: str
    heartbeat_timeout: int = 3600  # seconds
    default_result: Result = "ABANDON"
    notification_metadata: str | None = None

    @property
    def global_timeout(self) -> int:
        """The longest wait in seconds, however many heartbeats are recorded."""
        return min(_LONGEST_WAIT_SECONDS, 100 * self.heartbeat_timeout)


@dataclass
class LifecycleAction:
    """An instance's wait for one hook. Times are seconds since the epoch."""

    hook: LifecycleHook
    began_at: float
    result: Result | None = None
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    expires_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.record_heartbeat(self.began_at)

    def record_heartbeat(self, now: float) -> None:
        """Start the timeout again, within the global one."""
        latest = self.began_at + self.hook.global_timeout
        self.expires_at = min(now + self.hook.heartbeat_timeout, latest)

    def result_at(self, now: float) -> Result | None:
        """Return what it was completed with, or the hook's default once the time is over."""
        if self.result is None and now >= self.expires_at:
            return self.hook.default_result
        return self.result


def actions_for(
    hooks: Iterable[LifecycleHook], transition: str, now: float
) -> list[LifecycleAction]:
    """Return the waits that begin for an instance with a transition."""
    return [LifecycleAction(hook, now) for hook in hooks if hook.lifecycle_transition == transition]


def outcome(actions: Sequence[LifecycleAction], now: float) -> Result | None:
    """Return how all of them ended; None while one is awaited.

    One that is abandoned ends the others' wait; without any the instance goes on at once.
    """
    results = [action.result_at(now) for action in actions]
    if "ABANDON" in results:
        return "ABANDON"
    return None if None in results else "CONTINUE"
