"""NAT gateways: an interface with an address of the subnet, which goes with its gateway.

moto gives it any private address, creates public ones without an Elastic IP address, and keeps its
interface and its Elastic IP address when it is deleted.
Source: API_CreateNatGateway, API_DeleteNatGateway, API_NatGateway in the EC2 API Reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, nat_gateways
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.api import client_tokens
from local_aws.control_plane.ec2.network_interfaces import elastic_ips, managed_interfaces

_PRIVATE = "private"
_PUBLIC = "public"
_NOT_EMULATED = (
    *("PrivateIpAddress", "SecondaryPrivateIpAddresses", "SecondaryPrivateIpAddressCount"),
    *("SecondaryAllocationIds", "AvailabilityZoneAddresses"),
)

_moto_create = EC2Backend.create_nat_gateway
_moto_create_request = EC2Response.create_nat_gateway
_moto_delete = EC2Backend.delete_nat_gateway
_moto_describe = EC2Backend.describe_nat_gateways


@dataclass
class _Deletion:
    """When a gateway was deleted; None while it is there."""

    time: datetime | None = None


def install() -> None:
    # The interface takes one of its subnet when it is given none.
    moto_seams.replace(nat_gateways, random_private_ip=lambda: None)
    moto_seams.replace(
        EC2Backend,
        create_nat_gateway=_create,
        delete_nat_gateway=_delete,
        describe_nat_gateways=_describe,
    )
    moto_seams.replace(EC2Response, create_nat_gateway=_create_request)
    moto_seams.add(NatGateway, delete_time=property(_delete_time))
    EC2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER["CreateNatGatewayResult.NatGateway.State"] = (
        lambda _: "pending"  # It is available when it is looked at.
    )


def _create_request(self: EC2Response) -> ActionResult:
    gateway = client_tokens.once(self, lambda: _created(self), lambda each: each.state == "deleted")
    return ActionResult({"NatGateway": gateway, "ClientToken": self._get_param("ClientToken")})


def _created(request: EC2Response) -> NatGateway:
    for name in _NOT_EMULATED:
        if request._get_param(name):
            raise EC2ClientError(
                "InvalidParameterValue", f"{name} of a NAT gateway is not emulated; leave it out"
            )
    answer: Any = _moto_create_request(request).result
    gateway: NatGateway = answer["NatGateway"]
    return gateway


def _create(
    self: EC2Backend,
    subnet_id: str,
    allocation_id: str | None = None,
    tags: dict[str, str] | None = None,
    connectivity_type: str | None = None,
) -> NatGateway:
    connectivity = connectivity_type or _PUBLIC
    if connectivity == _PRIVATE and allocation_id:
        raise EC2ClientError(
            "InvalidParameterCombination",
            "You cannot specify an Elastic IP address with a private NAT gateway.",
        )
    if connectivity == _PUBLIC and not allocation_id:
        raise EC2ClientError(
            "MissingParameter",
            "The request must include the AllocationId parameter. Add the required parameter and "
            "retry the request.",
        )
    self.get_subnet(subnet_id)
    if allocation_id:
        elastic_ips.require_free(self, allocation_id)
    gateway: NatGateway = _moto_create(self, subnet_id, allocation_id or "", tags, connectivity)
    purpose = managed_interfaces.Purpose(
        f"Interface for NAT Gateway {gateway.id}", interface_type="nat_gateway"
    )
    managed_interfaces.take_over(gateway._eni, purpose)
    gateway._eni.source_dest_check = False
    return gateway


def _delete(self: EC2Backend, nat_gateway_id: str) -> NatGateway:
    """The Elastic IP address stays allocated; the gateway is described for a while."""
    _require(self, [nat_gateway_id])
    gateway: NatGateway = _moto_delete(self, nat_gateway_id)
    if not (deletion := moto_seams.notes(gateway, _Deletion)).time:
        deletion.time = utcnow()
        elastic_ips.free(self, [gateway._eni])
        gateway._eni.delete()
    return gateway


def _describe(
    self: EC2Backend, filters: Any, nat_gateway_ids: list[str] | None
) -> list[NatGateway]:
    _require(self, nat_gateway_ids or [])
    found: list[NatGateway] = _moto_describe(self, filters, nat_gateway_ids)
    return found


def _require(backend: EC2Backend, gateway_ids: list[str]) -> None:
    for gateway_id in gateway_ids:
        if gateway_id not in backend.nat_gateways:
            raise EC2ClientError(
                "NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found"
            )


def _delete_time(self: NatGateway) -> datetime | None:
    return moto_seams.notes(self, _Deletion).time
