"""What the load balancer has counted since its process began, by target group and listener.

The counts only grow, until the process ends and the next one begins at zero: whoever wants to know
what happened in a time compares two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TargetGroupTraffic:
    """`requests` are those for which a target was chosen; `answers` and `response_seconds` are of
    the targets alone.

    `answers` counts by the first digit of the status code, `response_seconds` by how long a
    response took, in seconds.
    """

    requests: int = 0
    answers: Mapping[int, int] = field(default_factory=dict)
    response_seconds: Mapping[float, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Traffic:
    """By ARN. `answers` of a listener are all that its clients got, from it or from targets."""

    target_groups: Mapping[str, TargetGroupTraffic] = field(default_factory=dict)
    listeners: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
