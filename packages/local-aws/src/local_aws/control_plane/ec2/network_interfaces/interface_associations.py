"""What a network interface shows of its public address: whose it is, and its name.

moto calls each the account's, gives it the name of a private address, and shows it only beside the
interface's private addresses, not at the one that has it.
Source: API_NetworkInterfaceAssociation, API_NetworkInterfacePrivateIpAddress; "DNS attributes for
your VPC" in the Amazon VPC User Guide; answers as users reported them.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import managed_interfaces
from local_aws.dns_names import public_name

_AMAZON = "amazon"

_moto_association: Any = NetworkInterface.association
_moto_addresses: Any = NetworkInterface.instance_private_ip_address_list
_moto_describe = EC2Response.describe_network_interfaces


def install() -> None:
    moto_seams.replace(
        NetworkInterface,
        association=property(_association),
        instance_private_ip_address_list=property(_addresses),
    )
    moto_seams.replace(EC2Response, describe_network_interfaces=_describe)


def _association(self: NetworkInterface) -> dict[str, Any]:
    """Empty without a public address. One that is no Elastic IP address is Amazon's."""
    shown: dict[str, Any] = _moto_association.fget(self)
    if not shown:
        return shown
    if "associationId" not in shown:
        shown["ipOwnerId"] = managed_interfaces.owner(self) or _AMAZON
    backend = self.ec2_backend
    has_name = backend.get_vpc(self.subnet.vpc_id).enable_dns_hostnames
    name = public_name(str(self.public_ip), backend.region_name)
    return {**shown, "publicDnsName": name if has_name else ""}


def _addresses(self: NetworkInterface) -> list[dict[str, Any]]:
    """With the names that they have where the VPC has DNS hostnames."""
    names = {
        each["PrivateIpAddress"]: each.get("PrivateDnsName") for each in self.private_ip_addresses
    }
    return [
        {**each, "PrivateDnsName": names[each["PrivateIpAddress"]]}
        for each in _moto_addresses.fget(self)
    ]


def _describe(self: EC2Response) -> ActionResult:
    answer: Any = _moto_describe(self).result
    found = [_shown(each) for each in answer["NetworkInterfaces"]]
    return ActionResult({"NetworkInterfaces": found})


def _shown(interface: NetworkInterface) -> NetworkInterface:
    """One with the association at its primary address too."""
    shown = copy.copy(interface)
    shown.private_ip_addresses = interface.instance_private_ip_address_list
    return shown
