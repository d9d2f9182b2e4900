"""Values that are shown as they were a while ago, where AWS is late (delays.py).

delayed.POLICIES.shown(key, value)    the value as it was that long ago
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from moto.iam.models import InstanceProfile

from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.control_plane import wiring
from local_aws.control_plane.delays import Delays
from local_aws.control_plane.past import Past

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

_KEPT_SECONDS = 60.0
"""What was not looked at for so long is there no more: late_views.py looks at all, each round."""


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
        seconds = self._seconds(wiring.current().delays)
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
