"""What AWS's models require of a request: which members are there, and which texts they may be.

Clients of the SDKs check some of it themselves, so that it is the others that meet these errors.
Source: botocore's models; "Error codes" of EC2's API reference (MissingParameter), "Common errors"
of the other services (ValidationError, ValidationException).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.endpoint import dropped_members, value_constraints, value_types

_MISSING_PARAMETER = frozenset({"ec2", "elasticache", "rds", "redshift", "sqs"})
"""Services that name what is missing in their own words."""
_ALSO_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "AllocateHosts": ("Quantity",),
    "EnableTransitGatewayRouteTablePropagation": ("TransitGatewayAttachmentId",),
    "ModifySpotFleetRequest": ("TargetCapacity",),
}
"""By operation, what EC2's model does not require and moto cannot do without."""
_CHECKED = frozenset(
    {
        "acm",
        "autoscaling",
        "cloudformation",
        "dynamodb",
        "events",
        "iam",
        "kms",
        "logs",
        "monitoring",
        "secretsmanager",
        "ssm",
        "sts",
    }
)
"""Services that refuse a value which their model does not have, in the words of AWS's framework."""
_CHECKED_BODIES = frozenset({"lambda"})
"""REST services that refuse it in the body, by the same framework."""
_LOAD_BALANCING = "elasticloadbalancing"
_ALWAYS_VALIDATION = ("acm", "secretsmanager")
"""As users reported it, though their operations have an InvalidParameterException."""
_ALSO_IN_QUERY = ("monitoring",)
"""Services whose errors have the codes of the query protocol in their newer protocols, too."""
_BAD = "400 Bad Request"
_PLAIN: Mapping[str, type] = {"integer": int, "long": int, "string": str}


def require(request: ApiRequest) -> None:
    """Raise ApiError for what is missing, of another type, not allowed by the model or dropped."""
    if request.protocol not in ("ec2", "json", "query"):
        if request.service in _CHECKED_BODIES:
            _require_body(request)
        return  # in REST protocols it is a part of the path
    operation = api_operation.of(request)
    if operation is None or not isinstance(operation.input_shape, StructureShape):
        return
    members = api_operation.members_of(request, operation)
    value_types.require(request, operation, operation.input_shape, members)
    for refusal in dropped_members.found(request.service, members):
        raise ApiError(_BAD, _code(request, operation), refusal)
    also = _ALSO_REQUIRED.get(operation.name, ()) if request.service == "ec2" else ()
    if not also and not _has_any(operation.input_shape):
        return
    missing = list(_missing(operation.input_shape, members))
    missing += [name for name in also if members.get(name) is None]
    if missing and request.service in _MISSING_PARAMETER:
        message = f"The request must contain the parameter {missing[0]}"
        raise ApiError(_BAD, "MissingParameter", message)
    found = [
        f"Value null at '{value_constraints.camel(path)}' failed to satisfy constraint: "
        "Member must not be null"
        for path in missing
    ]
    if request.service in _CHECKED:
        found += value_constraints.violations(request.service, operation.input_shape, members)
    elif request.service == _LOAD_BALANCING:
        found += _of_load_balancing(operation.input_shape, members)
    _refuse(request, operation, found)


def _refuse(request: ApiRequest, operation: OperationModel, found: list[str]) -> None:
    if found:
        noun = "error" if len(found) == 1 else "errors"
        message = f"{len(found)} validation {noun} detected: {'; '.join(found)}"
        raise ApiError(_BAD, _code(request, operation), message)


def _require_body(request: ApiRequest) -> None:
    """Enumerations are the services' own to refuse."""
    operation = api_operation.of(request)
    if operation is None or not isinstance(operation.input_shape, StructureShape):
        return
    given = api_operation.members_of(request, operation)
    found: list[str] = []
    for name, member in operation.input_shape.members.items():
        is_plain = isinstance(given.get(name), _PLAIN.get(member.type_name, ()))
        if is_plain and "location" not in member.serialization and "enum" not in member.metadata:
            shown = {name: given[name]}
            found += value_constraints.violations(request.service, operation.input_shape, shown)
    _refuse(request, operation, found)


def _of_load_balancing(shape: Shape, members: Mapping[str, Any]) -> Iterator[str]:
    """Its bounds hold for pages alone: a health check's interval may be shorter than on AWS."""
    page = {name: members[name] for name in members.keys() & {"PageSize"}}
    yield from value_constraints.violations(_LOAD_BALANCING, shape, page)
    yield from value_constraints.outside_enumerations(_LOAD_BALANCING, shape, members)


def _code(request: ApiRequest, operation: OperationModel) -> str:
    if request.protocol == "query" or request.service in _ALSO_IN_QUERY:
        return "ValidationError"
    names = {shape.name for shape in operation.error_shapes}
    is_other = "ValidationException" not in names and "InvalidParameterException" in names
    is_other = is_other and request.service not in _ALWAYS_VALIDATION
    return "InvalidParameterException" if is_other else "ValidationException"


def _missing(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """The paths of what is required and not given, "Tags.1.Key", outermost first."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"{path}{name}"
        for name, member in shape.members.items():
            if name in value and _has_any(member):
                yield from _missing(member, value[name], f"{path}{name}.")
    elif isinstance(shape, ListShape) and isinstance(value, list) and _has_any(shape.member):
        for number, each in enumerate(value, 1):
            yield from _missing(shape.member, each, f"{path}{number}.member.")
    elif isinstance(shape, MapShape) and isinstance(value, Mapping) and _has_any(shape.value):
        for key, each in value.items():
            yield from _missing(shape.value, each, f"{path}{key}.")


@functools.cache
def _has_any(shape: Shape) -> bool:
    """Whether something within the shape is required or constrained."""
    return _is_bound(shape, frozenset())


def _is_bound(shape: Shape, within: frozenset[str]) -> bool:
    if shape.name in within:  # it holds itself, as DynamoDB's values do
        return False
    within |= {shape.name}
    if isinstance(shape, StructureShape):
        members = shape.members.values()
        return bool(shape.required_members) or any(_is_bound(each, within) for each in members)
    if isinstance(shape, ListShape):
        return value_constraints.is_constrained(shape) or _is_bound(shape.member, within)
    if isinstance(shape, MapShape):
        return value_constraints.is_constrained(shape) or _is_bound(shape.value, within)
    return value_constraints.is_constrained(shape)
