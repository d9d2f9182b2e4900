"""What an instance refresh does next: pure decisions.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from local_aws.control_plane.auto_scaling.group.refresh_preferences import RefreshPreferences

_UNTIL_RELEASED_SECONDS = 3600.0
"""For how long a refresh waits for an instance that is protected from scale-in or in standby."""


@dataclass(frozen=True)
class Situation:
    """What a decision needs to know of a refresh and its group; times are seconds since the epoch.

    `total` is how many instances it replaces. `free` and `held` are the ids of those that remain;
    held ones, protected from scale-in or in standby, are waited for. `waits_since` is when it began
    to wait for what its status says. `is_whole`: the desired capacity is in service, and all that
    is new is warm. `is_still`: no instance comes or goes. `alarm` is one of its alarms that is in
    the state ALARM.
    """

    now: float
    wanted: RefreshPreferences
    status: str
    total: int
    free: Sequence[str] = ()
    held: Sequence[str] = ()
    checkpoints_passed: int = 0
    waits_since: float | None = None
    is_whole: bool = True
    is_still: bool = True
    alarm: str | None = None

    @property
    def is_rolling_back(self) -> bool:
        return self.status == "RollbackInProgress"

    @property
    def remaining(self) -> int:
        return len(self.free) + len(self.held)

    def has_waited(self, seconds: float) -> bool:
        since = self.now if self.waits_since is None else self.waits_since
        return self.now >= since + seconds


@dataclass(frozen=True)
class Wait:
    """Do nothing now. What is timed counts from when it was first waited for."""

    is_timed: bool = False


@dataclass(frozen=True)
class Replace:
    """Take these instances out of service, as far as the group's bounds allow."""

    instance_ids: tuple[str, ...]


@dataclass(frozen=True)
class PassCheckpoint:
    """Go on to the next checkpoint."""


@dataclass(frozen=True)
class Bake:
    """All is replaced: begin the bake time."""


@dataclass(frozen=True)
class Finish:
    status: str


@dataclass(frozen=True)
class Fail:
    """End it, or roll it back where that was wanted."""

    reason: str


Step = Wait | Replace | PassCheckpoint | Bake | Finish | Fail


def next_step(it: Situation) -> Step:
    """A rollback heeds neither alarms nor checkpoints; cancelling waits for no warm-up."""
    if it.alarm and not it.is_rolling_back:
        return Fail(f"The alarm {it.alarm} is in the state ALARM.")
    if it.status == "Cancelling":
        return Finish("Cancelled") if it.is_still else Wait()
    if not it.remaining:
        return _completion(it) if it.is_whole else Wait()
    if not it.wanted.checkpoints or it.is_rolling_back:
        return _replacement(it, it.remaining)
    missing = _until_checkpoint(it)
    if missing > 0 or not it.is_whole:
        return _replacement(it, missing)
    if it.checkpoints_passed == len(it.wanted.checkpoints) - 1:
        return _completion(it)
    is_over = it.has_waited(it.wanted.checkpoint_delay_seconds)
    return PassCheckpoint() if is_over else Wait(is_timed=True)


def _until_checkpoint(it: Situation) -> int:
    """How many are to be replaced until the next checkpoint; not positive when it is reached."""
    percentage = it.wanted.checkpoints[it.checkpoints_passed]
    return math.ceil(it.total * percentage / 100) - (it.total - it.remaining)


def _replacement(it: Situation, count: int) -> Step:
    """The next `count` of those that are free."""
    if count <= 0:
        return Wait()
    if it.free:
        return Replace(tuple(it.free[:count]))
    if not it.is_whole:
        return Wait()
    if it.has_waited(_UNTIL_RELEASED_SECONDS):
        return Fail(f"Still protected from scale-in or in standby: {', '.join(it.held)}")
    return Wait(is_timed=True)


def _completion(it: Situation) -> Step:
    if it.is_rolling_back:
        return Finish("RollbackSuccessful")
    if it.wanted.bake_seconds and it.status != "Baking":
        return Bake()
    return Finish("Successful") if it.has_waited(it.wanted.bake_seconds) else Wait(is_timed=True)
