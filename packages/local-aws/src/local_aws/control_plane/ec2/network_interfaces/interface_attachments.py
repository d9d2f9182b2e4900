"""Network interfaces of instances: one at each device index, as many as the instance's type has.

moto replaces what is at an index, attaches without end, adds an instance's groups to those of each
of its interfaces, and drops whether one goes with its instance.
Source: API_AttachNetworkInterface, API_DetachNetworkInterface, API_ModifyNetworkInterfaceAttribute
in the EC2 API Reference; "Elastic network interfaces" in the EC2 User Guide; EC2's error codes, and
its words as users reported them.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidNetworkAttachmentIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import interfaces_in_use, managed_interfaces

_moto_attach = EC2Backend.attach_network_interface
_moto_detach = EC2Backend.detach_network_interface
_moto_modify = EC2Response.modify_network_interface_attribute


def install() -> None:
    moto_seams.replace(
        EC2Backend, attach_network_interface=_attach, detach_network_interface=_detach
    )
    moto_seams.replace(EC2Response, modify_network_interface_attribute=_modify)
    moto_seams.replace(NetworkInterface, group_set=property(lambda each: each._group_set))


def require_room(instance_type: str, count: int) -> None:
    """Raise EC2ClientError where an instance of the type cannot have `count` interfaces."""
    most = (
        INSTANCE_TYPES.get(instance_type, {})
        .get("NetworkInfo", {})
        .get("MaximumNetworkInterfaces", count)
    )
    if count > most:
        raise EC2ClientError(
            "AttachmentLimitExceeded",
            f"Interface count {count} exceeds the limit for {instance_type}",
        )


def _attach(self: EC2Backend, eni_id: str, instance_id: str, device_index: int) -> Any:
    self.get_network_interface(eni_id)
    instance = self.get_instance(instance_id)
    interfaces_in_use.require_free(self, [{"NetworkInterfaceId": eni_id}])
    if int(device_index) in instance.nics:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Instance '{instance_id}' already has an interface attached at device index "
            f"'{device_index}'.",
        )
    require_room(instance.instance_type, len(instance.nics) + 1)
    return _moto_attach(self, eni_id, instance_id, device_index)


def _detach(self: EC2Backend, attachment_id: str) -> None:
    for interface in self.enis.values():
        if not attachment_id or interface.attachment_id != attachment_id:
            continue
        managed_interfaces.require_users_attachment(interface)
        if interface.device_index == 0:
            raise EC2ClientError(
                "OperationNotPermitted",
                "The network interface at device index 0 and networkCard index 0 cannot be "
                "detached.",
            )
    _moto_detach(self, attachment_id)


def _modify(self: EC2Response) -> ActionResult:
    """An instance's security groups are those of its primary interface."""
    change = self._get_param("Attachment") or {}
    interface = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    managed_interfaces.require_users_own(interface)
    if change and change.get("AttachmentId") != interface.attachment_id:
        raise InvalidNetworkAttachmentIdError(str(change.get("AttachmentId")))
    answer: ActionResult = _moto_modify(self)
    goes = change.get("DeleteOnTermination")
    if goes is not None:
        interface.delete_on_termination = goes
    if self._get_param("Groups") and interface.instance and interface.device_index == 0:
        interface.instance.security_groups = list(interface._group_set)
    return answer
