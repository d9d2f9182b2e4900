"""The causes of scaling activities, in the words that AWS has for them.

Sources: "Verify a scaling activity" in the Amazon EC2 Auto Scaling User Guide, and activities that
users quoted. One step of scaling gives all its activities the same cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from local_aws.control_plane.auto_scaling.group.scaling_activities import at

UNHEALTHY = "an instance was launched in response to an unhealthy instance needing to be replaced."


def changing_capacity(cause: str, before: int, after: int) -> str:
    """A user's cause with what it does to the desired capacity."""
    if before == after:
        return cause
    verb = "increasing" if after > before else "shrinking"
    return f"{cause}, {verb} the capacity from {before} to {after}"


def scaling_out(why: str, actual: int, count: int) -> str:
    """Why so many instances are launched; `why` is who changed the desired capacity."""
    difference = at(
        "an instance was started in response to a difference between desired and actual capacity, "
        f"increasing the capacity from {actual} to {actual + count}."
    )
    return _joined(why, difference)


def scaling_in(why: str, actual: int, instance_ids: Sequence[str]) -> str:
    """Why these instances are terminated; `why` is who changed the desired capacity."""
    difference = at(
        "an instance was taken out of service in response to a difference between desired and "
        f"actual capacity, shrinking the capacity from {actual} to {actual - len(instance_ids)}."
    )
    return _joined(why, difference, *map(_selected, instance_ids))


def replacing(why: str, instance_id: str) -> str:
    """Why a healthy instance is replaced; `why` is "an instance was taken out of service ..."."""
    return _joined(at(why), _selected(instance_id))


def balancing(zones: Sequence[str], occupied: Iterable[str]) -> str:
    """Why an instance is launched only to even out the group's zones.

    `occupied` holds the zone of each present instance; those outside `zones` are to leave.
    """
    instances = Counter(occupied)
    invalid = sorted(instances.keys() - set(zones))
    counts = " ".join(str(instances[zone]) for zone in invalid or zones)
    if invalid:
        return at(
            f"invalid availability zones {' '.join(invalid)} had {counts} instances respectively. "
            "An instance was launched to aid in migrating instances from these zones to valid ones."
        )
    return at(
        f"availability zones {' '.join(zones)} had {counts} instances respectively. An instance "
        "was launched to aid in balancing the group's zones."
    )


def balanced(zones: Sequence[str]) -> str:
    """Why there is one instance too many after that."""
    return at(
        f"instances were launched to balance instances in zones {' '.join(zones)} with other zones "
        "resulting in more than desired number of instances in the group."
    )


def _selected(instance_id: str) -> str:
    return at(f"instance {instance_id} was selected for termination.")


def _joined(*sentences: str) -> str:
    return "  ".join(filter(None, sentences))
