"""Tags that EC2 accepts: keys of the user's own, without duplicates, on what the call creates.

moto checks few of these rules.
Source: "Tag restrictions" in the EC2 User Guide; API_CreateTags, API_DeleteTags, API_RunInstances
and API_TagSpecification; EC2's words, and its code for a type that a call does not create, as users
reported them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_RESERVED = "Tag keys starting with 'aws:' are reserved for internal use"
_EMPTY = "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."
_LONGEST = {"Key": ("key", 128), "Value": ("value", 256)}
"""In characters, by the last word of a parameter's name."""
_OF_A_TAG = re.compile(r"(TagSpecification\.\d+\.)?Tag\.\d+\.(Key|Value)")
_SPECIFIED = re.compile(r"TagSpecification\.(\d+)\.Tag\.\d+\.Key")
_TYPE = re.compile(r"TagSpecification\.(\d+)\.ResourceType")
_SPECIFICATION = re.compile(r"TagSpecification\.(\d+)\..+")
_MADE: Mapping[str, tuple[str, ...]] = {
    "AllocateAddress": ("elastic-ip",),
    "CopyImage": ("image", "snapshot"),
    "CreateCarrierGateway": ("carrier-gateway",),
    "CreateDhcpOptions": ("dhcp-options",),
    "CreateEgressOnlyInternetGateway": ("egress-only-internet-gateway",),
    "CreateImage": ("image", "snapshot"),
    "CreateInternetGateway": ("internet-gateway",),
    "CreateKeyPair": ("key-pair",),
    "CreateNatGateway": ("natgateway",),
    "CreateNetworkInterface": ("network-interface",),
    "CreatePlacementGroup": ("placement-group",),
    "CreateRouteTable": ("route-table",),
    "CreateSecurityGroup": ("security-group",),
    "CreateSnapshot": ("snapshot",),
    "CreateSubnet": ("subnet",),
    "CreateTransitGatewayPeeringAttachment": ("transit-gateway-attachment",),
    "CreateTransitGatewayVpcAttachment": ("transit-gateway-attachment",),
    "CreateVolume": ("volume",),
    "CreateVpc": ("vpc",),
    "CreateVpcEndpoint": ("vpc-endpoint",),
    "CreateVpnConnection": ("vpn-connection",),
    "ImportKeyPair": ("key-pair",),
    "RegisterImage": ("image", "snapshot"),
    "RunInstances": ("instance", "network-interface", "spot-instances-request", "volume"),
}
"""What a call creates, by the names in TagSpecification's ResourceType."""
_OTHER_CODE = frozenset({"CreateNetworkInterface", "CreateSubnet", "CreateVpc"})
"""Calls that refuse other types with InvalidParameter."""


def require(request: ApiRequest) -> None:
    """Raise ApiError for tags that the request may not give, or not take away."""
    _require_lengths(request)
    if request.action in ("CreateTags", "DeleteTags"):
        for key in _keys_of_tags(request):
            if not key:
                raise _refused(_EMPTY)
            if key.lower().startswith("aws:"):
                raise _refused(f"Value ( {key} ) for parameter key is invalid. {_RESERVED}")
        return
    _require_types(request)
    seen: set[tuple[str, str]] = set()
    for number, key in _specified(request):
        if key.lower().startswith("aws:"):
            raise _refused(_RESERVED)
        if (number, key) in seen:
            raise _refused(f"Duplicate tag key '{key}' specified.")
        seen.add((number, key))


def _require_lengths(request: ApiRequest) -> None:
    for name, value in request.parameters.items():
        found = _OF_A_TAG.fullmatch(name)
        word, longest = _LONGEST[found[2]] if found else ("", 0)
        if found and len(str(value)) > longest:
            raise _refused(f"Tag {word} exceeds the maximum length of {longest} characters")


def _require_types(request: ApiRequest) -> None:
    """Each specification is of another type, one that the call creates."""
    types = {
        found[1]: str(value)
        for name, value in request.parameters.items()
        if (found := _TYPE.fullmatch(name))
    }
    code = "InvalidParameter" if request.action in _OTHER_CODE else "InvalidParameterValue"
    for name in request.parameters:
        found = _SPECIFICATION.fullmatch(name)
        if found and not types.get(found[1]):
            raise _refused("Tag specification resource type must have a value", code)
    for kind in types.values():
        if kind not in _MADE.get(request.action, (kind,)):
            words = f"'{kind}' is not a valid taggable resource type for this operation."
            raise _refused(words, code)
    if len(set(types.values())) < len(types):
        raise _refused(
            "The same resource type may not be specified more than once in tag specifications"
        )


def _keys_of_tags(request: ApiRequest) -> Iterator[str]:
    for name, value in request.parameters.items():
        if re.fullmatch(r"Tag\.\d+\.Key", name):
            yield str(value)


def _specified(request: ApiRequest) -> Iterator[tuple[str, str]]:
    """Yield the number of its specification, and the key, of each tag."""
    for name, value in request.parameters.items():
        found = _SPECIFIED.fullmatch(name)
        if found:
            yield found[1], str(value)


def _refused(message: str, code: str = "InvalidParameterValue") -> ApiError:
    return ApiError("400 Bad Request", code, message)
