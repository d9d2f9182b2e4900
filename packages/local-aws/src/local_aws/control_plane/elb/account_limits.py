"""How many Classic Load Balancers, listeners and instances there may be; nothing enforces it here.

Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeAccountLimits.html
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.elb.responses import ELBResponse

from local_aws.control_plane import moto_seams, pages
from local_aws.control_plane.pages import Paging, Size

_LIMITS = {
    "classic-load-balancers": "20",
    "classic-listeners": "100",
    "classic-registered-instances": "1000",
}
_ACTION = "DescribeAccountLimits"
_PAGING = Paging(_ACTION, "PageSize", "Marker", "NextMarker", ["Limits"])


def install() -> None:
    moto_seams.add(ELBResponse, describe_account_limits=_limits)
    pages.install("elb", ELBResponse, {_ACTION: Size(usual=400, most=400)}, more=[_PAGING])


def _limits(_: ELBResponse) -> ActionResult:
    return ActionResult({"Limits": [{"Name": name, "Max": most} for name, most in _LIMITS.items()]})
