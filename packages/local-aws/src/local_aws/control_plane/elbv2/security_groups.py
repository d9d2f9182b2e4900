"""A load balancer's security groups: they exist in its VPC, and it always has one.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html,
API_SetSecurityGroups.html, and "Security groups for your Application Load Balancer" in its guide;
the words as users reported them.
"""

from __future__ import annotations

from collections.abc import Sequence

from moto.elbv2.exceptions import ELBClientError, InvalidConfigurationRequest
from moto.elbv2.models import ELBv2Backend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import interfaces

_moto_set = ELBv2Backend.set_security_groups


def install() -> None:
    moto_seams.replace(ELBv2Backend, set_security_groups=_set)


def named_or_default(
    backend: ELBv2Backend, group_ids: Sequence[str] | None, vpc_id: str
) -> list[str]:
    """The groups that a request names, else the VPC's default one. Raises InvalidSecurityGroup."""
    if not group_ids:
        default = backend.ec2_backend.get_security_group_from_name("default", vpc_id)
        return [default.id] if default else []
    _require(backend, group_ids, vpc_id)
    return list(group_ids)


def _require(backend: ELBv2Backend, group_ids: Sequence[str], vpc_id: str) -> None:
    for group_id in group_ids:
        group = backend.ec2_backend.get_security_group_from_id(group_id)
        if group is None:
            raise ELBClientError(
                "InvalidSecurityGroup", f"The security group '{group_id}' does not exist"
            )
        if group.vpc_id != vpc_id:
            raise InvalidConfigurationRequest("One or more security groups are invalid")


def _set(self: ELBv2Backend, arn: str, sec_groups: list[str]) -> None:
    if arn in self.load_balancers:
        _require(self, sec_groups, str(self.load_balancers[arn].vpc_id))
    _moto_set(self, arn, sec_groups)
    interfaces.converge(self, self.load_balancers[arn])
