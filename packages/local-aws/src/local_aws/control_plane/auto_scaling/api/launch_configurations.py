"""Launch configurations: what one does not have is empty in the answer, not left out.

community.aws.autoscaling_launch_config_info and autoscaling_launch_config_find fail without.
Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchConfiguration.html
"""

from __future__ import annotations

import copy
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams

_TEXTS = ("key_name", "kernel_id", "ramdisk_id", "user_data")
_LISTS = ("classic_link_vpc_security_groups", "security_groups")

_moto_describe = AutoScalingResponse.describe_launch_configurations


def install() -> None:
    moto_seams.replace(AutoScalingResponse, describe_launch_configurations=_describe)


def _describe(self: AutoScalingResponse) -> ActionResult:
    answer: Any = _moto_describe(self).result
    found = answer["LaunchConfigurations"]
    return ActionResult({**answer, "LaunchConfigurations": [_complete(each) for each in found]})


def _complete(launch_configuration: Any) -> Any:
    shown = copy.copy(launch_configuration)
    for names, empty in ((_TEXTS, ""), (_LISTS, [])):
        for name in names:
            setattr(shown, name, getattr(shown, name) or empty)
    return shown
