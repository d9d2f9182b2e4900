"""Lists in pages of MaxResults, where moto gives all there is, or drops what is beyond.

Source: "Pagination" in the EC2 API Reference; MaxResults and NextToken of each action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams, offset_token

_MEMBERS: Mapping[str, str] = {
    "DescribeDhcpOptions": "DhcpOptions",
    "DescribeEgressOnlyInternetGateways": "EgressOnlyInternetGateways",
    "DescribeInstanceStatus": "InstanceStatuses",
    "DescribeInternetGateways": "InternetGateways",
    "DescribeLaunchTemplates": "LaunchTemplates",
    "DescribeLaunchTemplateVersions": "LaunchTemplateVersions",
    "DescribeManagedPrefixLists": "PrefixLists",
    "DescribeNatGateways": "NatGateways",
    "DescribeNetworkAcls": "NetworkAcls",
    "DescribeNetworkInterfaces": "NetworkInterfaces",
    "DescribePrefixLists": "PrefixLists",
    "DescribeRouteTables": "RouteTables",
    "DescribeSecurityGroupRules": "SecurityGroupRules",
    "DescribeSecurityGroups": "SecurityGroups",
    "DescribeSubnets": "Subnets",
    "DescribeTags": "Tags",
    "DescribeVolumes": "Volumes",
    "DescribeVpcEndpoints": "VpcEndpoints",
    "DescribeVpcs": "Vpcs",
}
"""By action, the member of its answer that comes in pages."""
_MOST = {"DescribeLaunchTemplates": 200, "DescribeLaunchTemplateVersions": 200}
"""How many a page has at most, where AWS says so and somebody may have more."""


def install() -> None:
    for action, member in _MEMBERS.items():
        method = xform_name(action)
        whole = getattr(EC2Response, method)
        moto_seams.replace(
            EC2Response, **{method: in_pages(action, member, whole, _MOST.get(action))}
        )


def in_pages(
    action: str, member: str, whole: Callable[[EC2Response], ActionResult], most: int | None
) -> Any:
    """Answer an action with one page of all that `whole` answers, of at most `most` items."""

    def answer(self: EC2Response) -> ActionResult:
        start = offset_token.read(action, self._get_param("NextToken") or "")
        listed: Any = whole(self).result
        items = list(listed[member])
        sizes = [size for size in (self._get_int_param("MaxResults"), most) if size]
        end = start + min(sizes, default=len(items))
        token = offset_token.write(action, end) if end < len(items) else None
        return ActionResult({**listed, member: items[start:end], "NextToken": token})

    return answer
