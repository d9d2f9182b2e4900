"""What a launch or a network interface cannot be given at once.

Source: MinCount, MaxCount, PrivateIpAddress, SecurityGroup, SecurityGroupId and NetworkInterface in
API_RunInstances, and API_InstanceNetworkInterfaceSpecification; EC2's words as users reported them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup

_BESIDE_INTERFACES = {
    "SecurityGroupIds": "security groups",
    "SecurityGroups": "security groups",
    "PrivateIpAddress": "private IP address",
}
"""Members of a launch that belong to its network interfaces, and EC2's words for them."""


def require_counts(least: int, most: int) -> None:
    """Raise EC2ClientError unless some instances can be launched: 0 < `least` <= `most`."""
    for kind, count in (("Minimum", least), ("Maximum", most)):
        if count < 1:
            raise EC2ClientError(
                "InvalidParameterValue", f"{kind} instance count must be greater than zero"
            )
    if least > most:
        raise EC2ClientError(
            "InvalidParameterCombination",
            "Maximum instance count must not be smaller than minimum instance count",
        )


def require_once(launch: Mapping[str, Any]) -> None:
    """Raise EC2ClientError for what stands beside the network interfaces, and belongs into them.

    `launch` has members of RunInstances: the request's, or else its launch template's.
    """
    for name, words in _BESIDE_INTERFACES.items():
        if launch.get("NetworkInterfaces") and launch.get(name):
            raise EC2ClientError(
                "InvalidParameterCombination",
                f"Network interfaces and an instance-level {words} may not be specified on the "
                "same request",
            )


def require_no_names(subnet_id: str | None, names: Iterable[str]) -> None:
    """Raise EC2ClientError for a launch into a subnet that names security groups: it gives ids."""
    if subnet_id and any(names):
        raise EC2ClientError(
            "InvalidParameterCombination",
            "The parameter groupName cannot be used with the parameter subnet",
        )


def require_no_subnet(launch: Mapping[str, Any], template: Mapping[str, Any]) -> None:
    """Raise EC2ClientError for a subnet beside its launch template's network interfaces.

    `launch` has members of RunInstances. moto refuses one beside those of the request.
    """
    interfaces = launch.get("NetworkInterfaces") or template.get("NetworkInterfaces")
    if launch.get("SubnetId") and interfaces:
        raise EC2ClientError(
            "InvalidParameterCombination",
            "Network interfaces and an instance-level subnet ID may not be specified on the same "
            "request",
        )


def require_one_profile_name(profile: Mapping[str, str] | None) -> None:
    """Raise EC2ClientError for an instance profile that is given by its name and by its ARN."""
    if profile and profile.get("Name") and profile.get("Arn"):
        raise EC2ClientError(
            "InvalidParameterCombination",
            "The parameter 'iamInstanceProfile.name' may not be used in combination with "
            "'iamInstanceProfile.arn'",
        )


def require_one_address(launch: Mapping[str, Any], count: int) -> None:
    """Raise EC2ClientError for a private address of several instances.

    `launch` has members of RunInstances. AWS says that it refuses this, and not in which words.
    """
    interfaces = launch.get("NetworkInterfaces") or ()
    if count > 1 and any(each.get("PrivateIpAddress") for each in (launch, *interfaces)):
        raise EC2ClientError(
            "InvalidParameterCombination",
            "A private IP address cannot be specified when launching more than one instance",
        )


def require_one_network(
    backend: EC2Backend, subnet_id: str | None, groups: Iterable[str | SecurityGroup]
) -> None:
    """Raise EC2ClientError for the first security group that is not of the subnet's VPC.

    `groups` are ids, names or moto's objects; what is not there is refused elsewhere.
    """
    if not subnet_id:
        return
    vpc_id = backend.get_subnet(subnet_id).vpc_id
    for each in groups:
        group = backend.get_security_group_by_name_or_id(each) if isinstance(each, str) else each
        if group is not None and group.vpc_id != vpc_id:
            raise EC2ClientError(
                "InvalidParameter",
                f"Security group {group.id} and subnet {subnet_id} belong to different networks.",
            )
