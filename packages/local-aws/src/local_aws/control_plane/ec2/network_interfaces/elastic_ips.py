"""Elastic IP addresses: one association each, which ends before the address is released.

moto releases what is in use, keeps an association when its instance is terminated, refuses to move
one, leaves several addresses with one interface, and drops one when its instance is stopped.
Source: API_AssociateAddress, API_DisassociateAddress, API_ReleaseAddress in the EC2 API Reference;
"Stop and start Amazon EC2 instances" in the EC2 User Guide.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidAddressError,
    InvalidAllocationIdError,
    InvalidAssociationIdError,
    MissingParameterError,
    ResourceAlreadyAssociatedError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_moto_allocate = EC2Backend.allocate_address
_moto_associate = EC2Backend.associate_address
_moto_associate_request = EC2Response.associate_address
_moto_describe = EC2Backend.describe_addresses
_moto_disassociate = EC2Backend.disassociate_address
_moto_release = EC2Backend.release_address
_moto_stop = NetworkInterface.stop
_moto_start = NetworkInterface.start


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        allocate_address=_allocate,
        associate_address=_associate,
        describe_addresses=_describe,
        disassociate_address=_disassociate,
        release_address=_release,
    )
    moto_seams.replace(EC2Response, associate_address=_associate_request)
    moto_seams.replace(NetworkInterface, stop=_stop, start=_start)
    moto_seams.add(ElasticAddress, instance=property(_instance, _ignore_copy))
    moto_seams.replace(InvalidAddressError, __init__=_no_address)
    moto_seams.replace(InvalidAllocationIdError, __init__=_no_allocation)
    moto_seams.replace(InvalidAssociationIdError, __init__=_no_association)


def free(backend: EC2Backend, interfaces: Iterable[NetworkInterface]) -> None:
    """End the associations of these interfaces; their addresses stay allocated."""
    ending = set(interfaces)
    for address in backend.addresses:
        if address.eni in ending:
            backend.disassociate_address(address=address.public_ip)


def _stop(self: NetworkInterface) -> None:
    """With its instance; an Elastic IP address stays, one of Amazon's goes."""
    if not _has_elastic_address(self):
        _moto_stop(self)


def _start(self: NetworkInterface) -> None:
    if not _has_elastic_address(self):
        _moto_start(self)


def _has_elastic_address(interface: NetworkInterface) -> bool:
    return any(address.eni is interface for address in interface.ec2_backend.addresses)


def _allocate(
    self: EC2Backend, domain: str, address: str | None = None, tags: dict[str, str] | None = None
) -> ElasticAddress:
    """Each is one of a VPC, whatever the request says: EC2-Classic is retired."""
    del domain
    allocated: ElasticAddress = _moto_allocate(self, "vpc", address, tags)
    return allocated


def require_free(backend: EC2Backend, allocation_id: str) -> None:
    """Raise Resource.AlreadyAssociated for an address that is associated."""
    elastic = _elastic_address(backend, None, allocation_id)
    if elastic.eni:
        raise ResourceAlreadyAssociatedError(elastic.public_ip)


def _associate_request(self: EC2Response) -> ActionResult:
    """AllowReassociation: "Reassociation is automatic", unless the request says false."""
    self.params.setdefault("AllowReassociation", True)
    return _moto_associate_request(self)


def _associate(
    self: EC2Backend,
    instance: Instance | None = None,
    eni: NetworkInterface | None = None,
    address: str | None = None,
    allocation_id: str | None = None,
    reassociate: bool = False,
) -> ElasticAddress:
    elastic = _elastic_address(self, address, allocation_id)
    interface = eni or (_primary(instance) if instance else None)
    if interface is None or elastic.eni is interface:
        return elastic
    if elastic.eni and not reassociate:
        raise ResourceAlreadyAssociatedError(elastic.public_ip)
    free(self, [each for each in (interface, elastic.eni) if each])
    return _moto_associate(self, interface.instance, interface, elastic.public_ip)


def _primary(instance: Instance) -> NetworkInterface:
    found: NetworkInterface | None = instance.nics.get(0)
    if found is None or instance.state == "pending":
        raise EC2ClientError(
            "InvalidInstanceID",
            f"The {instance.state} instance '{instance.id}' is not in a valid state for this "
            "operation.",
        )
    return found


def _describe(
    self: EC2Backend,
    allocation_ids: list[str] | None = None,
    public_ips: list[str] | None = None,
    filters: Any = None,
) -> list[ElasticAddress]:
    """moto names the ones it has among those that are missing."""
    if missing := set(allocation_ids or ()) - {each.allocation_id for each in self.addresses}:
        raise InvalidAllocationIdError(missing)
    if missing := set(public_ips or ()) - {each.public_ip for each in self.addresses}:
        raise InvalidAddressError(missing)
    found: list[ElasticAddress] = _moto_describe(self, allocation_ids, public_ips, filters)
    return found


def _disassociate(
    self: EC2Backend, address: str | None = None, association_id: str | None = None
) -> None:
    if not address and not association_id:
        raise MissingParameterError("AssociationId")
    _moto_disassociate(self, address, association_id)


def _release(
    self: EC2Backend, address: str | None = None, allocation_id: str | None = None
) -> None:
    """Only an instance's address in a default VPC is disassociated by its release."""
    elastic = _elastic_address(self, address, allocation_id)
    if elastic.eni and not (elastic.instance and _is_in_default_vpc(self, elastic.eni)):
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {elastic.public_ip} is in use.")
    _moto_release(self, elastic.public_ip)


def _elastic_address(
    backend: EC2Backend, address: str | None, allocation_id: str | None
) -> ElasticAddress:
    found: list[ElasticAddress] = (
        backend.address_by_ip([address])
        if address
        else backend.address_by_allocation([allocation_id or ""])
    )
    return found[0]


def _is_in_default_vpc(backend: EC2Backend, interface: NetworkInterface) -> bool:
    return bool(backend.vpcs[interface.vpc_id].is_default)


def _instance(self: ElasticAddress) -> Instance | None:
    """The instance that its interface is attached to: read, never remembered."""
    return self.eni.instance if self.eni else None


def _ignore_copy(self: ElasticAddress, value: Any) -> None:
    """Drop moto's own: it is that of the moment when the address was associated."""


def _no_address(self: InvalidAddressError, ip: str | Iterable[str]) -> None:
    EC2ClientError.__init__(self, "InvalidAddress.NotFound", f"Address '{_named(ip)}' not found.")


def _no_allocation(self: InvalidAllocationIdError, allocation_id: str | Iterable[str]) -> None:
    EC2ClientError.__init__(
        self,
        "InvalidAllocationID.NotFound",
        f"The allocation ID '{_named(allocation_id)}' does not exist",
    )


def _no_association(self: InvalidAssociationIdError, association_id: str | Iterable[str]) -> None:
    EC2ClientError.__init__(
        self,
        "InvalidAssociationID.NotFound",
        f"The association ID '{_named(association_id)}' does not exist",
    )


def _named(missing: str | Iterable[str]) -> str:
    return missing if isinstance(missing, str) else ", ".join(sorted(missing))
