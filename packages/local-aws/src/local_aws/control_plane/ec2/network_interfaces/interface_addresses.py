"""A network interface's addresses: inside its subnet, of no other one, not endlessly many.

moto takes any text for an address, gives one that another interface has to both, and looks for as
many free ones as it is asked for.
Source: API_CreateNetworkInterface, API_AssignPrivateIpAddresses in the EC2 API Reference; "IP
addresses per network interface per instance type" in the EC2 User Guide; EC2's error codes, and its
words as users reported them.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, MissingParameterError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import launch_conflicts, managed_interfaces

_MOST = 50
"""Of each kind, on the largest instance types."""
_FIRST_USABLE = 4
"""AWS: "Subnet CIDR blocks" in the Amazon VPC User Guide: those before and the last are AWS's."""

_moto_create = EC2Backend.create_network_interface
_moto_answer_create = EC2Response.create_network_interface
_moto_answer_assign = EC2Response.assign_private_ip_addresses
_moto_assign = EC2Backend.assign_private_ip_addresses
_moto_assign_ipv6 = EC2Backend.assign_ipv6_addresses
_moto_free_address = Subnet.get_available_subnet_ip
_moto_request = Subnet.request_ip


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        create_network_interface=_create,
        assign_private_ip_addresses=_assign,
        assign_ipv6_addresses=_assign_ipv6,
    )
    moto_seams.replace(
        EC2Response,
        create_network_interface=_answer_create,
        assign_private_ip_addresses=_answer_assign,
    )
    moto_seams.replace(Subnet, get_available_subnet_ip=_free_address, request_ip=_request)


def _free_address(self: Subnet, instance: Any) -> str:
    """The address of a new instance. moto fails at a full subnet, and looks at no interfaces."""
    taken = _taken(self)
    try:
        address: str = _moto_free_address(self, instance)
        while address in taken:
            address = _moto_free_address(self, instance)
    except StopIteration as end:
        raise _full(self) from end
    return address


def _request(self: Subnet, ip: str, instance: Any) -> None:
    """The address that a launch asks for."""
    _require_inside(self, [ip])
    if ip in _taken(self):
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {ip} is in use.")
    self._subnet_ips.pop(ip, None)  # it was of an interface that is deleted
    _moto_request(self, ip, instance)


def check(subnet: Subnet, request: Mapping[str, Any]) -> None:
    """Raise EC2ClientError for addresses that AWS does not give; `request` has the members of
    CreateNetworkInterface."""
    single = request.get("PrivateIpAddress")
    given = [each.get("PrivateIpAddress") for each in request.get("PrivateIpAddresses") or ()]
    if not all(given):
        raise MissingParameterError("PrivateIpAddress")
    _require_inside(subnet, [address for address in (single, *given) if address])
    _require_room(len(given) + int(request.get("SecondaryPrivateIpAddressCount") or 0))
    _require_room(int(request.get("Ipv6AddressCount") or 0))


def _answer_create(self: EC2Response) -> ActionResult:
    request = self._get_params()
    subnet = self.ec2_backend.get_subnet(request["SubnetId"])
    check(subnet, request)
    launch_conflicts.require_one_network(self.ec2_backend, subnet.id, self._get_param("Groups", []))
    answer: ActionResult = _moto_answer_create(self)
    return answer


def _answer_assign(self: EC2Response) -> ActionResult:
    """Lists those that are new, and moves those that another interface has if that is wanted."""
    request = self._get_params()
    interface = self.ec2_backend.get_network_interface(request["NetworkInterfaceId"])
    managed_interfaces.require_users_own(interface)
    wanted = request.get("PrivateIpAddresses") or []
    _require_inside(interface.subnet, wanted)
    holders = _holders(interface, wanted)
    may_move = str(request.get("AllowReassignment")).lower() == "true"
    if holders and not may_move:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"[{', '.join(holders)}] assigned, but move is not allowed.",
        )
    for address, holder in holders.items():
        if address == holder.private_ip_address:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"{address} is the primary address of {holder.id}, and cannot be moved.",
            )
    before = [each["PrivateIpAddress"] for each in interface.private_ip_addresses]
    answer: Any = _moto_answer_assign(self).result
    for address, holder in holders.items():
        self.ec2_backend.unassign_private_ip_addresses(holder.id, [address])
    assigned = [
        each for each in interface.private_ip_addresses if each["PrivateIpAddress"] not in before
    ]
    return ActionResult({**answer, "AssignedPrivateIpAddresses": assigned})


def _holders(interface: NetworkInterface, addresses: Iterable[str]) -> dict[str, NetworkInterface]:
    """By address, the other interface of the subnet that has it."""
    others = {
        each["PrivateIpAddress"]: other
        for other in interface.ec2_backend.enis.values()
        if other is not interface and other.subnet.id == interface.subnet.id
        for each in other.private_ip_addresses
    }
    return {address: others[address] for address in addresses if address in others}


def _create(
    self: EC2Backend,
    subnet: Any,
    private_ip_address: Any,
    private_ip_addresses: list[Any] | None = None,
    *arguments: Any,
    **named: Any,
) -> NetworkInterface:
    if isinstance(private_ip_address, list):  # moto's EFS gives a list of one
        (private_ip_address,) = private_ip_address
    given = [each for each in private_ip_addresses or () if isinstance(each, dict)]
    if given and not private_ip_address and not any(_is_primary(each) for each in given):
        given[0]["Primary"] = True
    for each in given:
        each.setdefault("Primary", False)
    subnet = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
    if not private_ip_address and not private_ip_addresses:
        private_ip_address = _any_free(subnet)
    _require_untaken(subnet, [private_ip_address, *(each["PrivateIpAddress"] for each in given)])
    interface: NetworkInterface = _moto_create(
        self, subnet, private_ip_address, private_ip_addresses, *arguments, **named
    )
    return interface


def _is_primary(given: Mapping[str, Any]) -> bool:
    return str(given.get("Primary")).lower() == "true"


def _assign(
    self: EC2Backend,
    eni_id: str,
    private_ip_addresses: list[str] | None = None,
    secondary_ips_count: int | None = None,
) -> NetworkInterface:
    interface = self.get_network_interface(eni_id)
    _require_inside(interface.subnet, private_ip_addresses or ())
    new = len(private_ip_addresses or ()) or int(secondary_ips_count or 0)
    _require_room(len(interface.private_ip_addresses) + new)
    _require_free(interface.subnet, new)
    assigned: NetworkInterface = _moto_assign(
        self, eni_id, private_ip_addresses, secondary_ips_count
    )
    return assigned


def _assign_ipv6(
    self: EC2Backend,
    eni_id: str,
    ipv6_addresses: list[str] | None = None,
    ipv6_count: int | None = None,
) -> NetworkInterface:
    interface = self.get_network_interface(eni_id)
    new = len(ipv6_addresses or ()) + int(ipv6_count or 0)
    if new and not interface.subnet.ipv6_cidr_block_associations:
        raise EC2ClientError(
            "InvalidParameterValue", f"The subnet {interface.subnet.id} has no IPv6 range"
        )
    _require_room(len(interface.ipv6_addresses) + new)
    assigned: NetworkInterface = _moto_assign_ipv6(self, eni_id, ipv6_addresses, ipv6_count)
    return assigned


def _require_inside(subnet: Subnet, addresses: Iterable[Any]) -> None:
    for address in addresses:
        try:
            network = ipaddress.IPv4Network(subnet.cidr_block)
            inside = ipaddress.IPv4Address(address) in network
        except ValueError as error:
            raise EC2ClientError(
                "InvalidParameterValue", f"Value ({address}) for a private address is invalid."
            ) from error
        if not inside:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Address {address} does not fall within the subnet's address range",
            )
        place = int(ipaddress.IPv4Address(address)) - int(network.network_address)
        if not _FIRST_USABLE <= place < network.num_addresses - 1:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Address {address} is in subnet's reserved address range",
            )


def _taken(subnet: Subnet) -> set[str]:
    return {
        each["PrivateIpAddress"]
        for interface in subnet.ec2_backend.enis.values()
        if interface.subnet.id == subnet.id
        for each in interface.private_ip_addresses
    }


def _require_untaken(subnet: Subnet, addresses: Iterable[Any]) -> None:
    if _taken(subnet).intersection(addresses):
        raise EC2ClientError("InvalidIPAddress.InUse", "The specified address is already in use.")


def _any_free(subnet: Subnet) -> str | None:
    """One of a new interface; None in a subnet of IPv6 alone."""
    if not subnet.cidr_block:
        return None
    network, taken = ipaddress.IPv4Network(subnet.cidr_block), _taken(subnet)
    usable = range(_FIRST_USABLE, network.num_addresses - 1)
    start = random.randrange(len(usable))  # noqa: S311 - it need not be hard to guess
    for step in range(len(usable)):
        address = str(network[usable[(start + step) % len(usable)]])
        if address not in taken:
            return address
    raise _full(subnet)


def _require_room(count: int) -> None:
    if not 0 <= count <= _MOST:
        raise EC2ClientError(
            "PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit."
        )


def _require_free(subnet: Subnet, count: int) -> None:
    """A small subnet has fewer addresses than an interface may have."""
    if count >= ipaddress.IPv4Network(subnet.cidr_block).num_addresses - 5:
        raise _full(subnet)


def _full(subnet: Subnet) -> EC2ClientError:
    return EC2ClientError(
        "InsufficientFreeAddressesInSubnet",
        f"The specified subnet {subnet.id} does not have enough free addresses to satisfy the "
        "request.",
    )
