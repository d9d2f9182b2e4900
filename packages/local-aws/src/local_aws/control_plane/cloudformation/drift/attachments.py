"""What other resources of a stack add to a resource: it is expected there, and no drift. Pure.

AWS: "Considerations when detecting drift" in the CloudFormation User Guide, on resources that are
attached to others, of the same stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.stack import Resource

_RULES = frozenset({"AWS::EC2::SecurityGroupEgress", "AWS::EC2::SecurityGroupIngress"})
_POLICIES = frozenset({"AWS::IAM::Policy", "AWS::IAM::RolePolicy"})
_MANAGED_POLICY = "AWS::IAM::ManagedPolicy"


def to_resource(attached_to: Resource, resources: Iterable[Resource]) -> frozenset[str]:
    """Ids of security group rules, ARNs of managed policies, names of policies in roles."""
    added: set[str] = set()
    for each in resources:
        if each.model is None:
            continue
        if each.type_name in _RULES:
            added.update(each.model)
        elif attached_to.physical_id in _roles_of(each.properties):
            if each.type_name in _POLICIES:
                added.add(str(each.properties.get("PolicyName")))
            elif each.type_name == _MANAGED_POLICY:
                added.add(each.physical_id)
    return frozenset(added)


def _roles_of(properties: Mapping[str, Any]) -> list[Any]:
    return [*properties.get("Roles", []), properties.get("RoleName")]
