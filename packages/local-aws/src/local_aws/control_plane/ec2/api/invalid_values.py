"""Values that EC2 refuses: of no enumeration of its model, and pages without rows.

moto takes any text for most of them. EC2's framework is not that of the other services
(endpoint/value_constraints.py), and its model seldom has a least or a greatest value.

Source: botocore's model; "Error codes" of EC2's API reference: InvalidParameterValue; its words for
a page as users reported them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_LEAST = dict.fromkeys(
    (
        "DescribeHosts",
        "DescribeInstanceStatus",
        "DescribeInstances",
        "DescribeSnapshots",
        "DescribeTags",
        "DescribeVolumeStatus",
        "DescribeVolumes",
    ),
    5,
)
"""Rows of a page where the model does not say it: of the API Reference, or as users reported."""
_OF_TEMPLATES = frozenset({"DescribeLaunchTemplates", "DescribeLaunchTemplateVersions"})
_MOST_TEMPLATES = 200
_OPEN = frozenset(
    {
        "AccountAttributeName",  # max-elastic-ips and others are documented, and not in the model
        "FleetOnDemandAllocationStrategy",  # lowestPrice is answered, too
        "InstanceType",  # AWS has new ones each month; launch_values.py knows moto's
        "NetworkInterfaceCreationType",  # "interface" is documented, and not in the model
        "RIProductDescription",  # others are answered, too
        "ResourceType",  # refused in AWS's own words by tag_rules.py
        "SpotAllocationStrategy",  # lowestPrice is answered, too
        "VpcTenancy",  # UnsupportedTenancy
    }
)
"""Enumerations that are not checked here, by their shapes: AWS takes values beyond the model's, or
another check refuses them."""


def require(request: ApiRequest) -> None:
    """Raise ApiError for the first value that EC2 does not take."""
    operation = api_operation.of(request)
    if operation is None or not isinstance(operation.input_shape, StructureShape):
        return
    shape, members = operation.input_shape, api_operation.members_of(request, operation)
    size = members.get("MaxResults")
    if size is not None and request.action in _OF_TEMPLATES:
        if not 1 <= int(size) <= _MOST_TEMPLATES:
            raise _invalid(f"Maximum results allowed are between 1 and {_MOST_TEMPLATES}")
    elif size is not None:
        least = shape.members["MaxResults"].metadata.get("min", _LEAST.get(request.action, 1))
        if int(size) < least:
            words = f"Value ( {size} ) for parameter maxResults is invalid. "
            raise _refused(words, f"greater than {least if least > 1 else 0}")
    for path, value, allowed in _unknown(shape, members):
        raise _refused(
            f"Value ({value}) for parameter {path} is invalid. ", f"of {', '.join(allowed)}"
        )


def _refused(words: str, expected: str) -> ApiError:
    return _invalid(f"{words}Expecting a value {expected}.")


def _invalid(message: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidParameterValue", message)


def _unknown(shape: Shape, value: Any, path: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """Yield path, value and what its enumeration has, of each value that is not in it."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from _unknown(member, value[name], f"{path}{name}.")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _unknown(shape.member, each, f"{path}{number}.")
    elif isinstance(value, str) and shape.name not in _OPEN:
        allowed = shape.metadata.get("enum", [value])
        if value not in allowed:
            yield path[:-1], value, allowed
