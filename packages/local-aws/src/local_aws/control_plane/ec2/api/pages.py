"""Lists in pages of MaxResults, where moto gives all there is, or drops what is beyond.

Source: "Pagination" in the EC2 API Reference; MaxResults and NextToken of each action.
"""

from __future__ import annotations

from collections.abc import Mapping

from moto.ec2.responses import EC2Response

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size

_ALL = Size(usual=None, most=None)
_SIZES: Mapping[str, Size] = {
    "DescribeDhcpOptions": _ALL,
    "DescribeEgressOnlyInternetGateways": _ALL,
    "DescribeIamInstanceProfileAssociations": Size(usual=100, most=1000),
    "DescribeInstanceStatus": _ALL,
    "DescribeInternetGateways": _ALL,
    "DescribeLaunchTemplates": Size(usual=200, most=200),
    "DescribeLaunchTemplateVersions": Size(usual=200, most=200),
    "DescribeManagedPrefixLists": _ALL,
    "DescribeNatGateways": _ALL,
    "DescribeNetworkAcls": _ALL,
    "DescribeNetworkInterfaces": _ALL,
    "DescribePrefixLists": _ALL,
    "DescribeRouteTables": _ALL,
    "DescribeSecurityGroupRules": _ALL,
    "DescribeSecurityGroups": _ALL,
    "DescribeSubnets": _ALL,
    "DescribeTags": _ALL,
    "DescribeVolumes": _ALL,
    "DescribeVpcEndpoints": _ALL,
    "DescribeVpcs": _ALL,
}
"""With how many a page has at most, where AWS says so and somebody may have more."""


def install() -> None:
    pages.install("ec2", EC2Response, _SIZES)
