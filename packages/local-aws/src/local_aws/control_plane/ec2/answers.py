"""Members that EC2's answers have, and moto's lack.

Source: answers of the real EC2 as they have been recorded; API_AvailabilityZone, API_RouteTable,
API_Volume, API_CreateVpnGateway.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import return_if_not_empty
from moto.ec2.models.availability_zones_and_regions import Zone
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_AWS_ASN = 64512
_TRANSFORMED = {
    # It is available when it is looked at.
    "CreateVpcResult.Vpc.State": lambda _: "pending",
    "CreateVpcResult.Vpc.Tags": return_if_not_empty,
    "CreateVpnGatewayResult.VpnGateway.Tags": return_if_not_empty,
    # AWS's own, unless another one was asked for.
    "VpnGateway.AmazonSideAsn": lambda asn: asn or _AWS_ASN,
    "VpnGateways.VpnGateway.AmazonSideAsn": lambda asn: asn or _AWS_ASN,
    # One that was made of no snapshot has it too, and empty.
    "Volume.SnapshotId": lambda snapshot_id: snapshot_id or "",
    "Volumes.Volume.SnapshotId": lambda snapshot_id: snapshot_id or "",
}
_moto_create_route_table = EC2Response.create_route_table


def install() -> None:
    moto_seams.add(
        Zone,
        group_name=property(lambda zone: f"{zone.region_name}-zg-1"),
        group_long_name=property(lambda zone: f"{zone.region_name} 1"),
        network_border_group=property(lambda zone: zone.region_name),
        opt_in_status=property(lambda _: "opt-in-not-required"),
    )
    moto_seams.add(RouteTable, propagating_vgws=property(lambda _: []))
    moto_seams.replace(EC2Response, create_route_table=_create_route_table)
    EC2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER.update(_TRANSFORMED)


def _create_route_table(self: EC2Response) -> ActionResult:
    """The token that makes a request idempotent comes back."""
    made: Any = _moto_create_route_table(self).result
    return ActionResult({**made, "ClientToken": self._get_param("ClientToken")})
