"""What detections have found. Plain data, saved with the stack."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

DifferenceType = Literal["ADD", "REMOVE", "NOT_EQUAL"]
ResourceStatus = Literal["IN_SYNC", "MODIFIED", "DELETED"]
StackStatus = Literal["DRIFTED", "IN_SYNC", "NOT_CHECKED"]

_DETECTIONS_KEPT = 20
"""AWS does not say how many it keeps."""


@dataclass(frozen=True)
class PropertyDifference:
    """`path` is a JSON pointer; what is not there is None. AWS: API_PropertyDifference."""

    path: str
    expected: Any
    actual: Any
    kind: DifferenceType


@dataclass(frozen=True)
class ResourceDrift:
    """How a resource was when it was checked. `actual` is None when it was gone.

    AWS: API_StackResourceDrift.
    """

    logical_id: str
    physical_id: str
    type_name: str
    expected: Mapping[str, Any]
    actual: Mapping[str, Any] | None
    differences: tuple[PropertyDifference, ...]
    checked_at: datetime.datetime

    @property
    def status(self) -> ResourceStatus:
        if self.actual is None:
            return "DELETED"
        return "MODIFIED" if self.differences else "IN_SYNC"


@dataclass(frozen=True)
class Detection:
    """One detection on a stack, which is over. AWS: API_DescribeStackDriftDetectionStatus."""

    stack_status: StackStatus
    drifted_count: int
    started_at: datetime.datetime
    detection_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class StackDrift:
    """`resources` are those that were checked since the stack's last operation, by logical id.

    `is_checked` is whether a detection was on the stack, and not only on single resources;
    `checked_at` is the beginning of the last one of either kind.
    """

    resources: dict[str, ResourceDrift] = field(default_factory=dict)
    is_checked: bool = False
    checked_at: datetime.datetime | None = None
    detections: list[Detection] = field(default_factory=list)

    @property
    def drifted_count(self) -> int:
        return sum(each.status != "IN_SYNC" for each in self.resources.values())

    @property
    def status(self) -> StackStatus:
        """AWS: API_StackDriftInformation: one resource that has drifted is enough."""
        if self.drifted_count:
            return "DRIFTED"
        return "IN_SYNC" if self.is_checked else "NOT_CHECKED"

    def add(self, detection: Detection) -> None:
        self.detections = [*self.detections, detection][-_DETECTIONS_KEPT:]

    def forget_results(self) -> None:
        """An operation begins: from now on something else is expected."""
        self.resources = {}
        self.is_checked = False
        self.checked_at = None
