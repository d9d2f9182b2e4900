"""The security group that a Classic Load Balancer's requests come from: its own first one.

One that is created without any has a group that the service makes: one for a network, which stays
for those to come, as its description says.
Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SourceSecurityGroup.html
"""

from __future__ import annotations

from dataclasses import dataclass

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elb import interfaces

_moto_apply = ELBBackend.apply_security_groups_to_load_balancer


_MADE_BY_SERVICE = "default_elb_"


@dataclass
class _Source:
    group_name: str = ""


def install() -> None:
    moto_seams.replace(ELBBackend, apply_security_groups_to_load_balancer=_apply)
    moto_seams.replace(LoadBalancer, source_security_group=property(_source))


def made_by_service(backend: ELBBackend, subnet_id: str) -> list[str]:
    """The group that an earlier load balancer in the subnet's network has left; none before."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    groups = ec2.groups[ec2.get_subnet(subnet_id).vpc_id].values()
    return [group.id for group in groups if group.name.startswith(_MADE_BY_SERVICE)][:1]


def note_source(backend: ELBBackend, balancer: LoadBalancer) -> None:
    """Note the name of the load balancer's first group. Groups are never renamed."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
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
