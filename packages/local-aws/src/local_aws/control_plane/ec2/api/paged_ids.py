"""What a request names by ids comes in one page, and of instances' states not too much at once.

moto answers both, and drops one.
Source: MaxResults in API_DescribeInstanceStatus and its neighbours in the EC2 API Reference: "You
cannot specify this parameter and the instance IDs parameter in the same request"; InstanceIds in
API_DescribeInstanceStatus: at most 100; EC2's words as users reported them.
"""

from __future__ import annotations

from collections.abc import Mapping

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_MOST_STATUSES = 100
_WORDS: Mapping[str, tuple[str, str]] = {
    "DescribeImages": ("ImageId", "imageIdsSet cannot be used with the parameter maxResults"),
    "DescribeInstanceStatus": (
        "InstanceId",
        "instanceIdsSet cannot be used with the parameter maxResults",
    ),
    "DescribeInstances": (
        "InstanceId",
        "instancesSet cannot be used with the parameter maxResults",
    ),
    "DescribeNetworkInterfaces": (
        "NetworkInterfaceId",
        "NetworkInterfaceIds cannot be used with the parameter MaxResults",
    ),
    "DescribeSecurityGroupRules": (
        "SecurityGroupRuleId",
        "'securityGroupRuleIds' may not be used in combination with 'maxResults'.",
    ),
    "DescribeSecurityGroups": (
        "GroupId",
        "securityGroupIdSet cannot be used with the parameter maxResults",
    ),
    "DescribeVolumes": ("VolumeId", "volumeSet cannot be used with the parameter maxResults"),
    "DescribeVpcs": ("VpcId", "VpcIds cannot be used with the parameter MaxResults"),
}
"""By call, what its ids are called in a request, and how EC2 refuses them in pages."""


def require(request: ApiRequest) -> None:
    """Raise ApiError for pages of what is named by ids, and for the states of too many."""
    parameter, words = _WORDS.get(request.action, ("", ""))
    if not parameter:
        return
    ids = [name for name in request.parameters if name.partition(".")[0] == parameter]
    if request.action == "DescribeInstanceStatus" and len(ids) > _MOST_STATUSES:
        raise _refused(
            "InvalidRequest",
            f"{len(ids)} exceeds the maximum number of instance IDs that can be specificied "
            f"({_MOST_STATUSES}). Please specify fewer than {_MOST_STATUSES} instance IDs.",
        )
    if ids and "MaxResults" in request.parameters:
        raise _refused("InvalidParameterCombination", f"The parameter {words}")


def _refused(code: str, message: str) -> ApiError:
    return ApiError("400 Bad Request", code, message)
