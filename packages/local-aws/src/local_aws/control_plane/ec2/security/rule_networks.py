"""A security group rule is about a group of its own VPC, or of one that is joined with it.

moto takes groups of all VPCs.
Source: "Security group referencing" in the Amazon VPC User Guide, "Update your security groups to
reference peer security groups" in the VPC Peering Guide; EC2's words as users reported them
(ansible pull request 28876).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models import EC2Backend

from local_aws.control_plane import moto_seams


def install() -> None:
    for operation in ("authorize_security_group_ingress", "authorize_security_group_egress"):
        authorize = _authorizing(getattr(EC2Backend, operation))
        moto_seams.replace(EC2Backend, **{operation: authorize})


def _authorizing(moto_authorize: Callable[..., Any]) -> Callable[..., Any]:
    def authorize(self: EC2Backend, group_name_or_id: str, *rest: Any, **more: Any) -> Any:
        peers = [each["GroupId"] for each in more.get("source_groups") or () if "GroupId" in each]
        require_reachable(self, group_name_or_id, peers)
        return moto_authorize(self, group_name_or_id, *rest, **more)

    return authorize


def require_reachable(backend: EC2Backend, group_id: str, peer_ids: Iterable[str]) -> None:
    """Raise EC2ClientError for a peer in a network without a way to the group's.

    And for a peer that is missing; a group that is missing is refused elsewhere.
    """
    group = backend.get_security_group_by_name_or_id(group_id)
    for peer_id in peer_ids:
        peer = backend.get_security_group_by_name_or_id(peer_id)
        if peer is None:
            raise InvalidSecurityGroupNotFoundError(peer_id)
        if group is None or group.vpc_id == peer.vpc_id:
            continue
        if not _are_joined(backend, group.vpc_id, peer.vpc_id):
            raise EC2ClientError(
                "InvalidGroup.NotFound",
                "You have specified two resources that belong to different networks.",
            )


def _are_joined(backend: EC2Backend, one: str | None, other: str | None) -> bool:
    """By an active peering connection, or by one transit gateway that both are attached to."""
    if any(
        each.status["Code"] == "active" and {each.vpc.id, each.peer_vpc.id} == {one, other}
        for each in backend.vpc_pcxs.values()
    ):
        return True
    return bool(_transit_gateways(backend, one) & _transit_gateways(backend, other))


def _transit_gateways(backend: EC2Backend, vpc_id: str | None) -> set[str]:
    attachments = backend.transit_gateway_attachments.values()
    return {each.transit_gateway_id for each in attachments if each.resource_id == vpc_id}
