"""What cannot be deleted: a VPC's default security group, and what something else still uses.

moto deletes most of it, and whoever deletes in the wrong order learns so on AWS only. A stack
deletes in the order of its references, and is not asked.

Sources: CannotDelete and DependencyViolation under "Error codes" in the Amazon EC2 API Reference;
"Default security groups", "Delete a security group", "Delete a subnet" and "Delete your VPC" in the
Amazon VPC User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError, MissingParameterError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpcs import VPCs

from local_aws.control_plane import moto_seams

_DEFAULT = "default"

_moto_delete_subnet = Subnets.delete_subnet
_moto_delete_group = SecurityGroups.delete_security_group
_moto_delete_vpc = VPCs.delete_vpc


@dataclass(frozen=True)
class _User:
    """A network interface, or an instance, which has some."""

    subnet_ids: frozenset[str]
    group_ids: frozenset[str]


def install() -> None:
    moto_seams.replace(Subnets, delete_subnet=_delete_subnet)
    moto_seams.replace(SecurityGroups, delete_security_group=_delete_group)
    moto_seams.replace(VPCs, delete_vpc=_delete_vpc)


def _delete_subnet(self: Subnets) -> ActionResult:
    subnet_id = self._get_param("SubnetId")
    if any(subnet_id in user.subnet_ids for user in _users(self.ec2_backend)):
        raise DependencyViolationError(
            f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        )
    return _moto_delete_subnet(self)


def _delete_group(self: SecurityGroups) -> ActionResult:
    named = self._get_param("GroupName") or self._get_param("GroupId")
    if not named:
        raise MissingParameterError("groupName or groupId")
    group = self.ec2_backend.get_security_group_by_name_or_id(named)
    if group is not None and group.name == _DEFAULT:
        raise EC2ClientError(
            "CannotDelete",
            f'the specified group: "{group.id}" name: "{_DEFAULT}" cannot be deleted by a user',
        )
    if group is not None and _is_used(self.ec2_backend, group):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")
    _moto_delete_group(self)
    return ActionResult({"Return": True, "GroupId": group.id if group else None})


def _delete_vpc(self: VPCs) -> ActionResult:
    vpc_id = self._get_param("VpcId")
    backend = self.ec2_backend
    groups = backend.groups.get(vpc_id, {}).values()
    gateways = backend.internet_gateways.values()
    if any(group.name != _DEFAULT for group in groups) or any(
        gateway.vpc and gateway.vpc.id == vpc_id for gateway in gateways
    ):
        raise DependencyViolationError(
            f"The vpc '{vpc_id}' has dependencies and cannot be deleted."
        )
    return _moto_delete_vpc(self)


def _is_used(backend: EC2Backend, group: SecurityGroup) -> bool:
    """Whether an interface has the group, or a rule of another group names it."""
    if any(group.id in user.group_ids for user in _users(backend)):
        return True
    others = (
        other
        for groups in backend.groups.values()
        for other in groups.values()
        if other.id != group.id
    )
    return any(
        rule.source_group.get("GroupId") == group.id
        for other in others
        for rule in (*other.ingress_rules, *other.egress_rules)
    )


def _users(backend: EC2Backend) -> Iterator[_User]:
    for interface in backend.enis.values():
        yield _User(
            frozenset([interface.subnet.id]), frozenset(group.id for group in interface.group_set)
        )
    for instance in backend.all_instances():
        if instance.state != "terminated" and instance.subnet_id:
            yield _User(
                frozenset([instance.subnet_id]),
                frozenset(group.id for group in instance.security_groups),
            )
