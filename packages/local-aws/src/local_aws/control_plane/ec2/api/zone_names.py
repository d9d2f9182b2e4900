"""Regions and Availability Zones that requests name are there.

moto lists those that are, and launches without a subnet where a launch template names another.
Source: API_DescribeAvailabilityZones, API_DescribeRegions and API_RunInstances in the EC2 API
Reference; EC2's words as users reported them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from moto.ec2.exceptions import AvailabilityZoneNotFromRegionError, EC2ClientError
from moto.ec2.models import EC2Backend

from local_aws.control_plane import moto_seams

_moto_zones = EC2Backend.describe_availability_zones
_moto_regions = EC2Backend.describe_regions


def install() -> None:
    moto_seams.replace(EC2Backend, describe_availability_zones=_zones, describe_regions=_regions)
    moto_seams.replace(AvailabilityZoneNotFromRegionError, __init__=_no_zone)


def require_zone(backend: EC2Backend, name: str | None) -> None:
    """Raise EC2ClientError unless the region has the zone; None is any."""
    if name:
        _require([name], {zone.name for zone in _moto_zones(backend)}, "availability zone")


def _zones(
    self: EC2Backend,
    filters: Any = None,
    zone_names: list[str] | None = None,
    zone_ids: list[str] | None = None,
) -> Any:
    everything = _moto_zones(self)
    _require(zone_names, {zone.name for zone in everything}, "availability zone")
    _require(zone_ids, {zone.zone_id for zone in everything}, "availability zone-id")
    return _moto_zones(self, filters, zone_names=zone_names, zone_ids=zone_ids)


def _regions(self: EC2Backend, region_names: list[str] | None = None) -> Any:
    _require(region_names, {region.name for region in self.regions}, "region")
    return _moto_regions(self, region_names)


def _require(named: Iterable[str] | None, known: Collection[str], kind: str) -> None:
    for name in named or ():
        if name not in known:
            raise EC2ClientError("InvalidParameterValue", f"Invalid {kind}: [{name}]")


def _no_zone(self: AvailabilityZoneNotFromRegionError, availability_zone_value: str) -> None:
    EC2ClientError.__init__(
        self, "InvalidParameterValue", f"Invalid availability zone: [{availability_zone_value}]"
    )
