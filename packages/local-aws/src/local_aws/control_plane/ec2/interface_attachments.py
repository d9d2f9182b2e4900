"""Whether an attached network interface goes with its instance can be changed later.

moto drops it.
Source: NetworkInterfaceAttachmentChanges of API_ModifyNetworkInterfaceAttribute.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidNetworkAttachmentIdError
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_moto_modify = EC2Response.modify_network_interface_attribute


def install() -> None:
    moto_seams.replace(EC2Response, modify_network_interface_attribute=_modify)


def _modify(self: EC2Response) -> ActionResult:
    change = self._get_param("Attachment") or {}
    interface = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    if change and change.get("AttachmentId") != interface.attachment_id:
        raise InvalidNetworkAttachmentIdError(str(change.get("AttachmentId")))
    answer: ActionResult = _moto_modify(self)
    goes = change.get("DeleteOnTermination")
    if goes is not None:
        interface.delete_on_termination = goes
    return answer
