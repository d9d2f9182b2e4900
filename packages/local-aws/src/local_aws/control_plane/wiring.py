"""What the control plane is wired to: all that it is given from outside, in one value.

    wiring.connect(Wiring(...))       by the daemon, before the first request
    wiring.current().facts            where it matters

moto keeps its backends in module globals and calls our handlers itself, so nothing can be given to
them when they are made: they look it up here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local_aws.contract.facts import Facts
from local_aws.control_plane.delays import KIND, Delays

_NO_FACTS = Facts()


def _nobody() -> None:
    return None


@dataclass(frozen=True)
class Wiring:
    """By default the control plane stands alone: nothing runs what it wants, nothing is late."""

    data_plane: Facts | None = None
    """What the data plane writes its reports into; None without one."""
    on_change: Callable[[], None] = _nobody
    """Called, outside the lock, after what may have changed something: each request, and each step
    of a stack operation. It returns at once."""
    endpoint: str = "http://127.0.0.1"
    """The URL at which the control plane is reached, without a slash at its end: for services that
    return URLs of their own."""
    delays: Delays = KIND
    """How late AWS is."""
    signals_for_user_data: bool = False
    """Whether signals are sent in the place of user data that no instance runs."""
    image_has_program: bool = False
    """Whether something runs in instances whose user data is no cloud-config."""
    skip_custom_resources: bool = False
    """Whether custom resources of stacks succeed without doing anything; otherwise they fail."""

    @property
    def has_data_plane(self) -> bool:
        """Whether instances are real. Without a data plane they run, and end, at once."""
        return self.data_plane is not None

    @property
    def facts(self) -> Facts:
        """What the data plane reports; nothing without one."""
        return self.data_plane if self.data_plane is not None else _NO_FACTS


_current = Wiring()


def connect(wiring: Wiring) -> None:
    """Wire the control plane to this, in the place of what it was wired to."""
    global _current
    _current = wiring


def current() -> Wiring:
    return _current
