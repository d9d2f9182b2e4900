"""Which Availability Zone an instance goes to, and which instance goes first: pure decisions.

Sources: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html
and https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Source = tuple[int, int]
"""What an instance was launched from, the oldest being the smallest: (0, n) the n-th launch
configuration, (1, 0) a launch template that is not the group's, (2, n) version n of its own."""


@dataclass(frozen=True)
class Candidate:
    """What a decision needs to know of an instance. `age_rank` is 0 for the oldest launch;
    `has_first_type`: it is of the type that the group launches first."""

    instance_id: str
    availability_zone: str
    age_rank: int
    source: Source = (2, 1)
    seconds_to_next_hour: float = 0.0
    has_first_type: bool = True
    protected_from_scale_in: bool = False


def _of_configuration(item: Candidate) -> Source:
    return min(item.source, (1, 0))


TERMINATION_POLICIES: Mapping[str, Callable[[Candidate], tuple[Any, ...]]] = {
    "AllocationStrategy": lambda item: (item.has_first_type,),
    "ClosestToNextInstanceHour": lambda item: (item.seconds_to_next_hour,),
    "Default": lambda item: (item.has_first_type, item.source, item.seconds_to_next_hour),
    "NewestInstance": lambda item: (-item.age_rank,),
    "OldestInstance": lambda item: (item.age_rank,),
    "OldestLaunchConfiguration": lambda item: (_of_configuration(item),),
    "OldestLaunchTemplate": lambda item: (item.source,),
}
"""By AWS's name, what the first to go is the smallest of."""


def emptiest_zone(zones: Sequence[str], occupied: Iterable[str]) -> str:
    """Return the zone with the fewest instances, the first listed of equally full ones.

    `occupied` holds the zone of each present instance.
    """
    instances = Counter(occupied)
    return min(zones, key=lambda name: instances[name])


def choose_for_scale_in(
    candidates: Sequence[Candidate],
    zones: Sequence[str],
    count: int,
    policies: Sequence[str] = ("Default",),
) -> list[str]:
    """Choose the ids of up to `count` instances to end.

    Instances outside `zones` go first, then those in the fullest zone; within it the termination
    policies decide, one after the other. Protected instances are never chosen.
    """
    remaining = list(candidates)
    chosen: list[str] = []
    while len(chosen) < count:
        unprotected = [item for item in remaining if not item.protected_from_scale_in]
        if not unprotected:
            break
        instances = Counter(item.availability_zone for item in remaining)
        victim = min(
            unprotected,
            key=lambda item: (
                item.availability_zone in zones,
                -instances[item.availability_zone],
                *(TERMINATION_POLICIES[policy](item) for policy in policies),
                item.age_rank,
            ),
        )
        remaining.remove(victim)
        chosen.append(victim.instance_id)
    return chosen


def zone_to_fill(zones: Sequence[str], occupied: Sequence[str]) -> str | None:
    """Return the zone that rebalancing should launch into, or None when the group is balanced.

    Balanced means: no instance outside `zones`, and no zone two instances ahead of another.
    """
    instances = Counter(zone for zone in occupied if zone in zones)
    emptiest = emptiest_zone(zones, occupied)
    fullest = max(instances.values(), default=0)
    strays = len(occupied) - sum(instances.values())
    return emptiest if strays or fullest - instances[emptiest] > 1 else None
