"""DHCP options: each network has a set of them, the region's own unless it is given another one.

moto has no set for what was given none, deletes a set along with a network, creates it without its
tags, and lists options in an order of its own.
Source: "DHCP option sets in Amazon VPC" in the Amazon VPC User Guide; API_AssociateDhcpOptions;
create-dhcp-options in the AWS CLI Command Reference; answers of AWS as they have been recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.dhcp_options import DHCPOptionsSet
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification

from local_aws.control_plane import moto_seams

_NONE = "default"
"""AWS: the id that a network without a set shows."""

_moto_answer_create = EC2Response.create_dhcp_options
_moto_delete = EC2Backend.delete_dhcp_options_set
_moto_describe = EC2Backend.describe_dhcp_options
_moto_filter_value = VPC.get_filter_value
_moto_configurations: Any = DHCPOptionsSet.dhcp_configurations


@dataclass
class _OfNetwork:
    options_id: str = ""
    """Empty while it has the region's own."""


@dataclass
class _OfRegion:
    options: DHCPOptionsSet | None = None


def install() -> None:
    moto_seams.replace(VPC, dhcp_options_id=property(_id), get_filter_value=_filter_value)
    moto_seams.replace(DHCPOptionsSet, dhcp_configurations=property(_by_key))
    moto_seams.replace(
        EC2Backend,
        associate_dhcp_options=_associate,
        disassociate_dhcp_options=_disassociate,
        describe_dhcp_options=_describe,
        delete_dhcp_options_set=_delete,
    )
    moto_seams.replace(EC2Response, create_dhcp_options=_answer_create)


def _answer_create(self: EC2Response) -> ActionResult:
    answer: Any = _moto_answer_create(self)
    tags = add_tag_specification(self._get_param("TagSpecifications", []))
    answer.result["DhcpOptions"].add_tags(tags)
    return ActionResult(answer.result)


def _of_region(backend: Any) -> DHCPOptionsSet:
    """The set that networks get when they are made."""
    kept = moto_seams.notes(backend, _OfRegion)
    if kept.options is None or kept.options.id not in backend.dhcp_options_sets:
        region = backend.region_name
        kept.options = backend.create_dhcp_options(
            domain_name_servers=["AmazonProvidedDNS"],
            domain_name=["ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"],
        )
    return kept.options


def _by_key(self: DHCPOptionsSet) -> list[dict[str, Any]]:
    """amazon.aws's ec2_vpc_dhcp_option takes another order for a change."""
    return sorted(_moto_configurations.fget(self), key=lambda each: str(each["Key"]))


def _id(self: VPC) -> str:
    return moto_seams.notes(self, _OfNetwork).options_id or str(_of_region(self.ec2_backend).id)


def _filter_value(self: VPC, filter_name: str, method_name: str | None = None) -> Any:
    if filter_name in ("dhcp-options-id", "dhcpOptionsId"):
        return _id(self)
    return _moto_filter_value(self, filter_name, method_name)


def _associate(self: EC2Backend, dhcp_options: DHCPOptionsSet, vpc: VPC) -> None:  # noqa: ARG001 - as moto calls it
    moto_seams.notes(vpc, _OfNetwork).options_id = dhcp_options.id


def _disassociate(self: EC2Backend, vpc: VPC) -> None:  # noqa: ARG001 - as moto calls it
    moto_seams.notes(vpc, _OfNetwork).options_id = _NONE


def _describe(
    self: EC2Backend, dhcp_options_ids: list[str] | None = None, filters: Any = None
) -> list[DHCPOptionsSet]:
    _of_region(self)
    found: list[DHCPOptionsSet] = _moto_describe(self, dhcp_options_ids, filters)
    return found


def _delete(self: EC2Backend, options_id: str | None) -> None:
    if any(vpc.dhcp_options_id == options_id for vpc in self.vpcs.values()):
        raise DependencyViolationError(
            f"The dhcpOptions '{options_id}' has dependencies and cannot be deleted."
        )
    _moto_delete(self, options_id)
