"""Calls that change an attribute of something change exactly one.

moto changes the first that it knows, or none.
Source: "You can specify only one attribute at a time" in API_ModifyInstanceAttribute and
API_ModifyNetworkInterfaceAttribute of the EC2 API Reference; for ModifyVpcAttribute, and EC2's
words, what users reported.
"""

from __future__ import annotations

from collections.abc import Mapping

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_NO_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "ModifyInstanceAttribute": frozenset({"DryRun", "InstanceId", "Value"}),
    "ModifyNetworkInterfaceAttribute": frozenset({"DryRun", "NetworkInterfaceId"}),
    "ModifyVpcAttribute": frozenset({"VpcId"}),
}
"""By call, the members of its request that are no attributes to change."""
_OTHER_NAMES = {"BlockDeviceMappings": "blockDeviceMapping", "Groups": "groupSet"}


def require(request: ApiRequest) -> None:
    """Raise ApiError unless the request changes one attribute."""
    others = _NO_ATTRIBUTES.get(request.action)
    operation = api_operation.of(request) if others is not None else None
    if operation is None or others is None:
        return
    members = api_operation.members_of(request, operation)
    given = [_name(member, members[member]) for member in members if member not in others]
    if not given:
        raise _refused("No attributes specified.")
    if len(given) > 1:
        raise _refused(f"Fields for multiple attribute types specified: {', '.join(given)}")


def _name(member: str, value: object) -> str:
    """What EC2 calls the attribute; `Attribute` names it itself."""
    if member == "Attribute":
        return str(value)
    return _OTHER_NAMES.get(member, member[:1].lower() + member[1:])


def _refused(message: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidParameterCombination", message)
