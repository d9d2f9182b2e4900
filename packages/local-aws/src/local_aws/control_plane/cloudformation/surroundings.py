"""What a stack's functions can look up: its own resources, its parameters, the account."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from moto.cloudformation.exceptions import ExportNotFound, ValidationError
from moto.ec2.models import ec2_backends
from moto.ssm.models import ssm_backends

from local_aws.control_plane.cloudformation import resource_schemas, stored_values
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator, Surroundings
from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceFailedError
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.stack import STACKS, Declaration, Resource, Stack


class StackSurroundings:
    """The state as it is now; nothing is created by looking.

    `note_import` is called with each export that is looked up: only an operation imports.
    """

    def __init__(self, stack: Stack, note_import: Callable[[str], None] = lambda _: None) -> None:
        self._stack = stack
        self._note_import = note_import

    def ref(self, logical_id: str) -> str:
        """A resource's physical id."""
        return self._resource(logical_id).physical_id

    def attribute(self, logical_id: str, name: str) -> Any:
        """A resource's attribute. Raises ResourceFailedError for one that its type does not have.

        AWS: ResourceTypeSchema.java of aws-cloudformation/cloudformation-resource-schema.
        """
        resource = self._resource(logical_id)
        if not resource_schemas.has_attribute(resource.type_name, name):
            raise ResourceFailedError(
                f"Requested attribute {name} does not exist in schema for {resource.type_name}"
            )
        return resource_type(resource.type_name).attribute(resource.model, name)

    def availability_zones(self, region: str) -> list[str]:
        """The zones that have a default subnet, which is what AWS's Fn::GetAZs returns.

        Recorded from AWS: there are none for another region than the stack's.
        """
        if region != self._stack.region:
            return []
        ec2 = ec2_backends[self._stack.account_id][region]
        return sorted({s.availability_zone for s in ec2.describe_subnets() if s.default_for_az})

    def exported(self, name: str) -> str:
        """The value that another stack exports."""
        exports = STACKS.exports(self._stack.account_id, self._stack.region)
        if name not in exports:
            raise ExportNotFound(name)
        self._note_import(name)
        return exports[name][1]

    def stored(self, key: str) -> str:
        """What a dynamic reference to ssm stands for."""
        return stored_values.plain(self._stack.account_id, self._stack.region, key)

    def _resource(self, logical_id: str) -> Resource:
        resource = self._stack.resources.get(logical_id)
        if resource is None or resource.model is None:
            raise ValidationError(
                message=f"Unresolved resource dependencies [{logical_id}] in the template"
            )
        return resource


_NAMED: dict[str, Callable[[Any], Iterable[str]]] = {
    "AWS::EC2::AvailabilityZone::Name": lambda ec2: (
        zone.name for zone in ec2.describe_availability_zones()
    ),
    "AWS::EC2::Instance::Id": lambda ec2: (each.id for each in ec2.all_instances()),
    "AWS::EC2::KeyPair::KeyName": lambda ec2: ec2.key_pairs,
    "AWS::EC2::SecurityGroup::GroupName": lambda ec2: (
        group.name for group in ec2.describe_security_groups()
    ),
    "AWS::EC2::SecurityGroup::Id": lambda ec2: (
        group.id for group in ec2.describe_security_groups()
    ),
    "AWS::EC2::Subnet::Id": lambda ec2: (subnet.id for subnet in ec2.describe_subnets()),
    "AWS::EC2::Volume::Id": lambda ec2: ec2.volumes,
    "AWS::EC2::VPC::Id": lambda ec2: ec2.vpcs,
}
"""What parameters of these types name; moto's own names, looked up in its backend of EC2."""


_IMAGE = re.compile(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?")
"""Any image is launched here: which of them there are, only AWS knows."""


def exists(account_id: str, region: str, parameter_type: str, value: str) -> bool:
    """Whether there is what a parameter of this type names; of other types everything is there.

    AWS: "Supplied parameter types" in the CloudFormation User Guide.
    """
    if parameter_type == "AWS::SSM::Parameter::Name":
        return ssm_backends[account_id][region].get_parameter(value) is not None
    if parameter_type == "AWS::EC2::Image::Id":
        return _IMAGE.fullmatch(value) is not None
    named = _NAMED.get(parameter_type)
    return named is None or value in named(ec2_backends[account_id][region])


def attribute_for_rules(
    account_id: str, region: str, parameter_type: str, value: str, name: str
) -> str:
    """An attribute, for a rule, of the resource that a parameter names. Raises ValidationError.

    AWS: "Supported attributes" of "Rule-specific intrinsic functions" in the CloudFormation
    Template Reference.
    """
    ec2: Any = ec2_backends[account_id][region]
    kind, _, tag = name.partition(".")
    if kind == "Tags" and parameter_type in _WITH_TAGS:
        tags = {each["key"]: each["value"] for each in ec2.describe_tags({"resource-id": [value]})}
        return str(tags.get(tag, ""))
    found = _ATTRIBUTES.get((parameter_type, name))
    if found is None:
        raise ValidationError(
            message=f"Template format error: rules do not know {name} of {parameter_type}."
        )
    return str(found(ec2, value))


_WITH_TAGS = ("AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id", "AWS::EC2::VPC::Id")
_ATTRIBUTES: dict[tuple[str, str], Callable[[Any, str], str]] = {
    ("AWS::EC2::Subnet::Id", "AvailabilityZone"): lambda ec2, subnet_id: (
        ec2.get_subnet(subnet_id).availability_zone
    ),
    ("AWS::EC2::Subnet::Id", "VpcId"): lambda ec2, subnet_id: ec2.get_subnet(subnet_id).vpc_id,
    ("AWS::EC2::VPC::Id", "DefaultNetworkAcl"): lambda ec2, vpc_id: next(
        acl.id for acl in ec2.network_acls.values() if acl.vpc_id == vpc_id and acl.default
    ),
    ("AWS::EC2::VPC::Id", "DefaultSecurityGroup"): lambda ec2, vpc_id: (
        ec2.get_default_security_group(vpc_id).id
    ),
}


def evaluator_for(
    stack: Stack, declaration: Declaration, surroundings: Surroundings | None = None
) -> Evaluator:
    """The evaluator of a declaration in its stack."""
    names = {
        "AWS::AccountId": stack.account_id,
        "AWS::NotificationARNs": stack.notification_arns,
        "AWS::Partition": "aws",
        "AWS::Region": stack.region,
        "AWS::StackId": stack.stack_id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
        **declaration.resolved_parameters,
    }
    return Evaluator(
        declaration.template,
        names,
        surroundings or StackSurroundings(stack),
        declaration.looked_up,
    )
