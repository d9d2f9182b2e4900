"""Network interfaces that an AWS service manages for one of its resources; users only look at them.

moto lets anyone change and delete them, and shows no attachment.
Source: "Requester-managed network interfaces" in the EC2 User Guide; what DescribeNetworkInterfaces
shows of them, and EC2's words, as users reported them.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.utils import random_public_ip

from local_aws.control_plane import moto_seams

_SERVICES_ATTACHMENT = "ela-attach"
_moto_attachment: Any = NetworkInterface.attachment


@dataclass(frozen=True)
class Purpose:
    """What a service's interfaces are for, as DescribeNetworkInterfaces shows it.

    `description` names the resource, and is no other's in its region; `owner` is InstanceOwnerId
    of the attachment, whose id begins with `attachment`. Each public one has an address of its
    owner's.
    """

    description: str
    owner: str = "amazon-aws"
    requester_id: str | None = None
    interface_type: str = "interface"
    attachment: str = _SERVICES_ATTACHMENT
    is_public: bool = False


@dataclass
class _Owner:
    name: str = ""


def install() -> None:
    moto_seams.replace(NetworkInterface, attachment=property(_attachment))


def converge(
    backend: EC2Backend, purpose: Purpose, subnet_ids: Sequence[str], group_ids: Sequence[str]
) -> list[NetworkInterface]:
    """Have an interface for the purpose in each of the subnets, and in no other, all in the groups.

    Returns them in the subnets' order. Raises EC2ClientError for a subnet that does not exist.
    """
    held = by_subnet(backend, purpose)
    for subnet_id in held.keys() - set(subnet_ids):
        backend.delete_network_interface(held.pop(subnet_id).id)
    for subnet_id in subnet_ids:
        if subnet_id not in held:
            held[subnet_id] = backend.create_network_interface(backend.get_subnet(subnet_id), "")
            take_over(held[subnet_id], purpose)
    groups = [backend.get_security_group_from_id(each) for each in group_ids]
    for interface in held.values():
        interface._group_set = [each for each in groups if each]
        address = interface.public_ip or random_public_ip()
        interface.public_ip = address if purpose.is_public else None
    return [held[each] for each in subnet_ids]


def by_subnet(backend: EC2Backend, purpose: Purpose) -> dict[str, NetworkInterface]:
    """The interfaces for the purpose, by the id of their subnet."""
    return {
        each.subnet.id: each
        for each in backend.enis.values()
        if each.requester_managed and each.description == purpose.description
    }


def take_over(interface: NetworkInterface, purpose: Purpose) -> None:
    """Attach an interface to the service's resource."""
    interface.description = purpose.description
    interface.requester_id = purpose.requester_id or interface.requester_id
    interface.requester_managed = True
    interface.interface_type = purpose.interface_type
    interface.status = "in-use"
    interface.attachment_id = f"{purpose.attachment}-{secrets.token_hex(9)[:17]}"
    interface.attach_time = utcnow()
    moto_seams.notes(interface, _Owner).name = purpose.owner


def owner(interface: NetworkInterface) -> str | None:
    """The service that manages it; None of a user's own."""
    return moto_seams.notes(interface, _Owner).name or None


def require_users_own(interface: NetworkInterface) -> None:
    """Raise EC2ClientError for a change of one that a service manages."""
    if interface.requester_managed:
        raise EC2ClientError(
            "AuthFailure", "You do not have permission to access the specified resource."
        )


def require_users_attachment(interface: NetworkInterface) -> None:
    """Raise EC2ClientError for a detachment of one that a service manages."""
    if str(interface.attachment_id).startswith(_SERVICES_ATTACHMENT):
        raise EC2ClientError(
            "OperationNotPermitted",
            f"You are not allowed to manage '{_SERVICES_ATTACHMENT}' attachments.",
        )
    require_users_own(interface)


def _attachment(self: NetworkInterface) -> Any:
    if not self.requester_managed:
        return _moto_attachment.fget(self)
    return {
        "AttachmentId": self.attachment_id,
        "AttachTime": self.attach_time,
        "DeleteOnTermination": False,
        "DeviceIndex": 1,
        "InstanceOwnerId": owner(self),
        "Status": "attached",
    }
