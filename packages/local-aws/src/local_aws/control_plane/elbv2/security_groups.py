"""A load balancer's security groups: those that it names exist, and it always has one.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html,
API_SetSecurityGroups.html, and "Security groups for your Application Load Balancer" in its guide;
the words as users reported them.
"""

from __future__ import annotations

from collections.abc import Sequence

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend

from local_aws.control_plane import moto_seams

_moto_set = ELBv2Backend.set_security_groups


def install() -> None:
    moto_seams.replace(ELBv2Backend, set_security_groups=_set)


def checked(backend: ELBv2Backend, group_ids: Sequence[str] | None, vpc_id: str) -> list[str]:
    """The groups, or the VPC's default one when none is named. Raises InvalidSecurityGroup."""
    if not group_ids:
        default = backend.ec2_backend.get_security_group_from_name("default", vpc_id)
        return [default.id] if default else []
    _require(backend, group_ids)
    return list(group_ids)


def _require(backend: ELBv2Backend, group_ids: Sequence[str]) -> None:
    for group_id in group_ids:
        if backend.ec2_backend.get_security_group_from_id(group_id) is None:
            raise ELBClientError(
                "InvalidSecurityGroup", f"The security group '{group_id}' does not exist"
            )


def _set(self: ELBv2Backend, arn: str, sec_groups: list[str]) -> None:
    if arn in self.load_balancers:
        _require(self, sec_groups)
    _moto_set(self, arn, sec_groups)
