"""Placement groups, which moto lacks: created, described, deleted.

A group says how its instances are spread over machines. Here all of them are on one: what EC2
describes is kept, and `launch_placement` refuses the launches that EC2 refuses.

Source: API_CreatePlacementGroup, API_DescribePlacementGroups, API_DeletePlacementGroup and "Error
codes" in the EC2 API Reference; EC2's words as users reported them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.instances import Instance, InstancePlacement
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX, add_tag_specification

from local_aws.control_plane import moto_seams

CLUSTER = "cluster"
PARTITION = "partition"
SPREAD = "spread"

_ID_PREFIX = "pg"
_RESOURCE_TYPE = "placement-group"
_LIMIT = 500
"""In a region, by the User Guide's "Placement group rules and limitations"."""
_MOST_PARTITIONS = 7
"""In a zone, by the same."""
_DEFAULT_PARTITIONS = 2
_NOT_EMULATED = ("LinkedGroupId", "Operator", "ParentGroupId")


@dataclass(eq=False)
class PlacementGroup(TaggedEC2Resource):
    ec2_backend: EC2Backend
    group_name: str
    strategy: str
    partition_count: int | None
    spread_level: str | None
    id: str = field(default_factory=lambda: f"{_ID_PREFIX}-0{secrets.token_hex(8)}")

    @property
    def arn(self) -> str:
        backend = self.ec2_backend
        place = f"{backend.region_name}:{backend.account_id}"
        return f"arn:{backend.partition}:ec2:{place}:placement-group/{self.group_name}"

    def instances(self) -> list[Instance]:
        """Those that were launched into it and are not terminated."""
        return [
            instance
            for instance in self.ec2_backend.all_instances()
            if instance.placement.group_name == self.group_name and instance.state != "terminated"
        ]


@dataclass
class _Groups:
    """A region's placement groups, by name."""

    by_name: dict[str, PlacementGroup] = field(default_factory=dict)


def install() -> None:
    moto_seams.add(
        EC2Response,
        create_placement_group=_create_request,
        describe_placement_groups=_describe,
        delete_placement_group=_delete_request,
    )
    moto_seams.add(InstancePlacement, group_id=None, partition_number=None)
    EC2_PREFIX_TO_RESOURCE[_ID_PREFIX] = _RESOURCE_TYPE
    EC2_RESOURCE_TO_PREFIX[_RESOURCE_TYPE] = _ID_PREFIX


def create(
    backend: EC2Backend,
    name: str,
    strategy: str | None,
    partition_count: int | None,
    spread_level: str | None,
) -> PlacementGroup:
    """Raises EC2ClientError for a name that is taken, and for what the strategy does not have."""
    strategy = strategy or CLUSTER
    groups = _groups(backend)
    if name in groups:
        raise EC2ClientError(
            "InvalidPlacementGroup.Duplicate", f"The placement group '{name}' already exists."
        )
    if len(groups) >= _LIMIT:
        raise EC2ClientError(
            "PlacementGroupLimitExceeded",
            f"The maximum number of placement groups ({_LIMIT}) has been reached.",
        )
    if strategy not in (CLUSTER, PARTITION, SPREAD):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"The local AWS does not emulate the placement strategy '{strategy}'.",
        )
    _require_of_strategy("PartitionCount", partition_count, PARTITION, strategy)
    _require_of_strategy("SpreadLevel", spread_level, SPREAD, strategy)
    if partition_count is not None and not 1 <= partition_count <= _MOST_PARTITIONS:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Value ({partition_count}) for parameter PartitionCount is invalid. It must be "
            f"between 1 and {_MOST_PARTITIONS}.",
        )
    groups[name] = PlacementGroup(
        backend,
        name,
        strategy,
        (partition_count or _DEFAULT_PARTITIONS) if strategy == PARTITION else None,
        (spread_level or "rack") if strategy == SPREAD else None,
    )
    return groups[name]


def delete(backend: EC2Backend, name: str) -> None:
    """Raises EC2ClientError while instances are in it."""
    group = _known(_groups(backend).get(name), name)
    if group.instances():
        raise EC2ClientError(
            "InvalidPlacementGroup.InUse",
            f"The placement group '{name}' is in use and may not be deleted.",
        )
    backend.tags.pop(group.id, None)
    del _groups(backend)[name]


def named(backend: EC2Backend, placement: Mapping[str, Any]) -> PlacementGroup | None:
    """The group that a placement names or gives the id of; None when it does neither.

    Raises EC2ClientError when there is no such group.
    """
    if group_id := placement.get("GroupId"):
        by_id = {group.id: group for group in _groups(backend).values()}
        return _known(by_id.get(group_id), group_id)
    if name := placement.get("GroupName"):
        return _known(_groups(backend).get(name), name)
    return None


def note_place(instance: Instance, asked: Mapping[str, Any]) -> None:
    """Note the group and the partition that `asked`, a launch's placement, has.

    What was noted before stays where `asked` does not name it. EC2 distributes instances evenly
    over partitions when a launch names none.
    """
    placement: Any = instance.placement
    given = {name: value for name, value in asked.items() if value}
    group = named(instance.ec2_backend, {"GroupName": placement.group_name, **given})
    if group is None:
        return
    if group.group_name != placement.group_name:
        placement.partition_number = _emptiest_partition(group)
        placement.group_name, placement.group_id = group.group_name, group.id
    if number := given.get("PartitionNumber"):
        placement.partition_number = int(number)


def _emptiest_partition(group: PlacementGroup) -> int | None:
    placements: list[Any] = [instance.placement for instance in group.instances()]
    occupied = Counter(placement.partition_number for placement in placements)
    numbers = range(1, (group.partition_count or 0) + 1)
    return min(numbers, key=lambda number: occupied[number], default=None)


def _groups(backend: EC2Backend) -> dict[str, PlacementGroup]:
    return moto_seams.notes(backend, _Groups).by_name


def _known(group: PlacementGroup | None, named_as: str) -> PlacementGroup:
    if group is None:
        raise EC2ClientError(
            "InvalidPlacementGroup.Unknown", f"The Placement Group '{named_as}' is unknown."
        )
    return group


def _require_of_strategy(parameter: str, value: Any, its_strategy: str, strategy: str) -> None:
    if value is not None and strategy != its_strategy:
        raise EC2ClientError(
            "InvalidParameterCombination",
            f"{parameter} is valid for the strategy '{its_strategy}' only, not for '{strategy}'.",
        )


def _create_request(self: EC2Response) -> ActionResult:
    for parameter in _NOT_EMULATED:
        if self._get_param(parameter):
            raise EC2ClientError(
                "InvalidParameterValue",
                f"The local AWS does not emulate {parameter} of a placement group.",
            )
    name = _group_name(self)
    group = create(
        self.ec2_backend,
        name,
        self._get_param("Strategy"),
        self._get_int_param("PartitionCount"),
        self._get_param("SpreadLevel"),
    )
    group.add_tags(add_tag_specification(self._get_param("TagSpecifications", [])))
    return ActionResult({"PlacementGroup": _shown(group)})


def _describe(self: EC2Response) -> ActionResult:
    """The endpoint evaluates the filters, on what is answered without them."""
    if self._filters_from_querystring():
        raise NotImplementedError
    backend = self.ec2_backend
    wanted = [
        *({"GroupName": name} for name in self._get_param("GroupNames", [])),
        *({"GroupId": group_id} for group_id in self._get_param("GroupIds", [])),
    ]
    found: Iterable[PlacementGroup | None] = (
        [named(backend, each) for each in wanted] if wanted else _groups(backend).values()
    )
    return ActionResult({"PlacementGroups": [_shown(group) for group in found if group]})


def _delete_request(self: EC2Response) -> ActionResult:
    name = _group_name(self)
    delete(self.ec2_backend, name)
    return EmptyResult()


def _group_name(request: EC2Response) -> str:
    name = request._get_param("GroupName")
    if not name:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter GroupName")
    return str(name)


def _shown(group: PlacementGroup) -> dict[str, Any]:
    """As API_PlacementGroup has it; a group is available as soon as it is created."""
    return {
        "GroupName": group.group_name,
        "GroupId": group.id,
        "GroupArn": group.arn,
        "State": "available",
        "Strategy": group.strategy,
        "PartitionCount": group.partition_count,
        "SpreadLevel": group.spread_level,
        "Tags": group.get_tags(),
    }
