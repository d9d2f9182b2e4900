"""Peering connections: what is shown of the two networks, and until when one can be accepted.

Source: answers of the real EC2 as they have been recorded; API_VpcPeeringConnection: the request
expires after seven days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.models.vpcs import VPC

from local_aws.control_plane import moto_seams

_OPEN = ("initiating-request", "pending-acceptance")


@dataclass
class _Request:
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


def install() -> None:
    moto_seams.replace(
        VPCPeeringConnection,
        requester_vpc_info=property(_requester),
        accepter_vpc_info=property(_accepter),
    )
    moto_seams.add(VPCPeeringConnection, expiration_time=property(_expiration))


def _requester(self: VPCPeeringConnection) -> dict[str, Any]:
    return _in_full(self.vpc, self.requester_options)


def _accepter(self: VPCPeeringConnection) -> dict[str, Any]:
    """Its ranges are shown once it has accepted."""
    if self.status["Code"] in _OPEN:
        return _in_short(self.peer_vpc)
    return _in_full(self.peer_vpc, self.accepter_options)


def _expiration(self: VPCPeeringConnection) -> datetime | None:
    made = moto_seams.notes(self, _Request).made
    return made + timedelta(days=7) if self.status["Code"] in _OPEN else None


def _in_short(vpc: VPC) -> dict[str, Any]:
    return {"OwnerId": vpc.owner_id, "Region": vpc.region, "VpcId": vpc.id}


def _in_full(vpc: VPC, options: dict[str, bool]) -> dict[str, Any]:
    ranges = [vpc.cidr_block, *_further_ranges(vpc)]
    return {
        **_in_short(vpc),
        "CidrBlock": vpc.cidr_block,
        "CidrBlockSet": [{"CidrBlock": each} for each in ranges],
        "PeeringOptions": options,
    }


def _further_ranges(vpc: VPC) -> list[str]:
    associated = vpc.get_cidr_block_association_set()
    return [each["cidr_block"] for each in associated if each["cidr_block"] != vpc.cidr_block]
