"""Load balancers in pages of PageSize, and of 400 when a request does not say.

Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeLoadBalancers.html
"""

from __future__ import annotations

from moto.elb.responses import ELBResponse

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size


def install() -> None:
    pages.install("elb", ELBResponse, {}, others=Size(usual=400, most=400))
