"""What a property that is a list has gained and lost in an update."""

from __future__ import annotations

from local_aws.control_plane.cloudformation.resource_types.handlers.base import Properties


def gained_and_lost(old: Properties, new: Properties, name: str) -> tuple[list[str], list[str]]:
    """Return the values that the property has gained, and those that it has lost."""
    before, after = old.get(name, []), new.get(name, [])
    return [each for each in after if each not in before], [
        each for each in before if each not in after
    ]
