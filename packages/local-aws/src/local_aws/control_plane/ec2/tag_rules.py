"""Tags that EC2 accepts: keys of the user's own, without duplicates, on what the call creates.

moto checks few of these rules.
Source: "Tag restrictions" in the EC2 User Guide; API_CreateTags and API_TagSpecification; EC2's
words as users reported them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_RESERVED = "Tag keys starting with 'aws:' are reserved for internal use"
_EMPTY = "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."
_SPECIFIED = re.compile(r"TagSpecification\.(\d+)\.Tag\.\d+\.Key")
_MADE: Mapping[str, tuple[str, ...]] = {
    "AllocateAddress": ("elastic-ip",),
    "CopyImage": ("image", "snapshot"),
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
    "CreateVolume": ("volume",),
    "CreateVpc": ("vpc",),
    "ImportKeyPair": ("key-pair",),
    "RegisterImage": ("image", "snapshot"),
}
"""What a call creates, by the names in TagSpecification's ResourceType."""


def require(request: ApiRequest) -> None:
    """Raise ApiError for tags that the request may not give."""
    if request.action == "CreateTags":
        for key in _keys_of_create_tags(request):
            if not key:
                raise _refused(_EMPTY)
            if key.lower().startswith("aws:"):
                raise _refused(f"Value ( {key} ) for parameter key is invalid. {_RESERVED}")
        return
    seen: set[tuple[str, str]] = set()
    for number, key in _specified(request):
        if key.lower().startswith("aws:"):
            raise _refused(_RESERVED)
        if (number, key) in seen:
            raise _refused(f"Duplicate tag key '{key}' specified.")
        seen.add((number, key))
        kind = str(request.parameters.get(f"TagSpecification.{number}.ResourceType", ""))
        if kind and kind not in _MADE.get(request.action, (kind,)):
            raise _refused(f"'{kind}' is not a valid taggable resource type for this operation.")


def _keys_of_create_tags(request: ApiRequest) -> Iterator[str]:
    for name, value in request.parameters.items():
        if re.fullmatch(r"Tag\.\d+\.Key", name):
            yield str(value)


def _specified(request: ApiRequest) -> Iterator[tuple[str, str]]:
    """Yield the number of its specification, and the key, of each tag."""
    for name, value in request.parameters.items():
        found = _SPECIFIED.fullmatch(name)
        if found:
            yield found[1], str(value)


def _refused(message: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidParameterValue", message)
