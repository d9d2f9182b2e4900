"""A Classic Load Balancer's security groups: the one it has when it is given none, and its source.

Requests come from its first one. moto makes a new one, without a rule, for each that is given none.
Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-vpc-security-groups.html
and https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SourceSecurityGroup.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import EC2Backend, ec2_backends
from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elb import interfaces

_OWN_NAME = "default_elb_"
_OWN_DESCRIPTION = (
    "ELB created security group used when no security group is specified during ELB creation - "
    "modifications could impact traffic to future ELBs"
)

_moto_apply = ELBBackend.apply_security_groups_to_load_balancer


@dataclass
class _Source:
    group_name: str = ""


def install() -> None:
    moto_seams.replace(ELBBackend, apply_security_groups_to_load_balancer=_apply)
    moto_seams.replace(LoadBalancer, source_security_group=property(_source))


def of_new(backend: ELBBackend, subnet_id: str, ports: Iterable[int]) -> str:
    """The id of the group of a load balancer in this subnet that is given none.

    In the default VPC it is one for all of them, made with the first one and open at its ports.
    """
    ec2 = _ec2(backend)
    vpc = ec2.get_vpc(ec2.get_subnet(subnet_id).vpc_id)
    if not vpc.is_default:
        default: Any = ec2.get_default_security_group(vpc.id)
        return str(default.id)
    for group in ec2.groups[vpc.id].values():
        if group.name.startswith(_OWN_NAME):
            return str(group.id)
    made = ec2.create_security_group(f"{_OWN_NAME}{uuid.uuid4()}", _OWN_DESCRIPTION, vpc.id)
    for port in sorted(set(ports)):
        ec2.authorize_security_group_ingress(
            made.id, "tcp", str(port), str(port), [{"CidrIp": "0.0.0.0/0"}]
        )
    return str(made.id)


def note_source(backend: ELBBackend, balancer: LoadBalancer) -> None:
    """Note the name of the load balancer's first group. Groups are never renamed."""
    ec2 = _ec2(backend)
    found = [ec2.get_security_group_from_id(each) for each in balancer.security_groups[:1]]
    moto_seams.notes(balancer, _Source).group_name = "".join(each.name for each in found if each)


def _apply(self: ELBBackend, load_balancer_name: str, security_group_ids: list[str]) -> None:
    _moto_apply(self, load_balancer_name, security_group_ids)
    balancer = self.get_load_balancer(load_balancer_name)
    note_source(self, balancer)
    interfaces.converge(self, balancer)


def _source(self: LoadBalancer) -> dict[str, str]:
    name = moto_seams.notes(self, _Source).group_name
    return {"OwnerAlias": self.account_id, "GroupName": name}


def _ec2(backend: ELBBackend) -> EC2Backend:
    found: EC2Backend = ec2_backends[backend.account_id][backend.region_name]
    return found
