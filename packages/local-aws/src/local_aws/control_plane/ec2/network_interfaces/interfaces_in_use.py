"""A network interface that an instance or a service has is neither deleted nor attached again.

Source: API_DeleteNetworkInterface; EC2's error code InvalidNetworkInterface.InUse; EC2's words as
users reported them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_moto_delete = EC2Response.delete_network_interface


def install() -> None:
    moto_seams.replace(EC2Response, delete_network_interface=_delete)


def _delete(self: EC2Response) -> ActionResult:
    interface_id = self._get_param("NetworkInterfaceId")
    if _is_used(self.ec2_backend, interface_id):
        raise EC2ClientError(
            "InvalidParameterValue", f"Network interface '{interface_id}' is currently in use."
        )
    return _moto_delete(self)


def require_free(backend: EC2Backend, interfaces: Iterable[Mapping[str, Any]]) -> None:
    """Raise EC2's error for the first of a launch's interfaces that is in use already."""
    for interface in interfaces:
        interface_id = interface.get("NetworkInterfaceId")
        if interface_id and _is_used(backend, interface_id):
            raise EC2ClientError(
                "InvalidNetworkInterface.InUse", f"Interface: [{interface_id}] in use."
            )


def _is_used(backend: EC2Backend, interface_id: str) -> bool:
    interface = backend.enis.get(interface_id)
    return bool(interface and (interface.instance or interface.requester_managed))
