"""What a request must acknowledge before its template may be carried out.

AWS: "Acknowledging IAM resources in CloudFormation templates" in the CloudFormation User Guide;
API_CreateStack, "Capabilities" and "ResourceTypes".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from moto.cloudformation.exceptions import CloudFormationError, ValidationError

from local_aws.control_plane import wildcards
from local_aws.control_plane.cloudformation import template

_AUTO_EXPAND = "CAPABILITY_AUTO_EXPAND"
_NAMED_IAM = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}


class InsufficientCapabilitiesError(CloudFormationError):
    """AWS's InsufficientCapabilitiesException."""

    code = "InsufficientCapabilitiesException"


def needed(body: Mapping[str, Any], transforms: Collection[str]) -> dict[str, set[str]]:
    """The capabilities that a template needs, each with the types or macros that need it."""
    iam: set[str] = set()
    is_named = False
    for definition in template.definitions(body):
        type_name = str(definition.get("Type"))
        if type_name.startswith("AWS::IAM::"):
            iam.add(type_name)
            is_named |= _NAMED_IAM.get(type_name) in (definition.get("Properties") or {})
    found = {"CAPABILITY_NAMED_IAM" if is_named else "CAPABILITY_IAM": iam} if iam else {}
    return {**found, _AUTO_EXPAND: set(transforms)} if transforms else found


def require(body: Mapping[str, Any], given: Collection[str], *, expands: bool = True) -> None:
    """Raise InsufficientCapabilitiesError unless what the template needs is among those given.

    A change set shows what a macro expands to before it is executed: `expands` is false then.
    """
    missing = needed(body, template.transforms(body)).keys() - set(given)
    if not expands:
        missing.discard(_AUTO_EXPAND)
    if "CAPABILITY_NAMED_IAM" in given:  # it covers both
        missing.discard("CAPABILITY_IAM")
    if missing:
        raise InsufficientCapabilitiesError(
            f"Requires capabilities : [{', '.join(sorted(missing))}]"
        )


def require_types(body: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Raise ValidationError for a type that a request does not allow: AWS::*, AWS::EC2::* ...

    An empty list allows them all.
    """
    for definition in template.definitions(body) if allowed else ():
        type_name = str(definition.get("Type"))
        if not any(wildcards.matches(pattern, type_name) for pattern in allowed):
            raise ValidationError(
                message=f"Resource type {type_name} is not allowed by parameter ResourceTypes "
                f"[{', '.join(allowed)}]"
            )
