"""Lists in pages: MaxRecords in one, and a token for the next.

Source: MaxRecords and NextToken of each action in the EC2 Auto Scaling API Reference.
"""

from __future__ import annotations

from collections.abc import Mapping

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.responses import AutoScalingResponse

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Paging, Size

_SIZES: Mapping[str, Size] = {
    "DescribeAutoScalingInstances": Size(usual=50, most=50),
    "DescribeLoadBalancers": Size(usual=100, most=100),
    "DescribeLoadBalancerTargetGroups": Size(usual=100, most=100),
    "DescribeScalingActivities": Size(usual=100, most=100),
    "DescribeTrafficSources": Size(usual=50, most=50),
    "DescribeWarmPool": Size(usual=50, most=50),
}


_INSTANCE_REFRESHES = Paging(
    "DescribeInstanceRefreshes", "MaxRecords", "NextToken", "NextToken", ["InstanceRefreshes"]
)


def install() -> None:
    pages.install(
        "autoscaling",
        AutoScalingResponse,
        _SIZES,
        others=Size(usual=50, most=100),
        more=[_INSTANCE_REFRESHES],
        refuse=ValidationError,
    )
