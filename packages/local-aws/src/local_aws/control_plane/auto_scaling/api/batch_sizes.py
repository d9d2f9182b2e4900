"""How many things one request may name.

Source: "Quotas for Auto Scaling resources and groups" in the Amazon EC2 Auto Scaling User Guide.
The words about load balancers are AWS's as users reported them, in
hashicorp/terraform-provider-aws issue 11301.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from botocore import xform_name
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams

Answer = Callable[[AutoScalingResponse], ActionResult]

_BALANCERS = 10
_MOST: Mapping[str, tuple[str, int]] = {
    "AttachInstances": ("InstanceIds", 20),
    "AttachLoadBalancers": ("LoadBalancerNames", _BALANCERS),
    "AttachLoadBalancerTargetGroups": ("TargetGroupARNs", _BALANCERS),
    "AttachTrafficSources": ("TrafficSources", _BALANCERS),
    "BatchDeleteScheduledAction": ("ScheduledActionNames", 50),
    "BatchPutScheduledUpdateGroupAction": ("ScheduledUpdateGroupActions", 50),
    "DetachInstances": ("InstanceIds", 20),
    "DetachLoadBalancers": ("LoadBalancerNames", _BALANCERS),
    "DetachLoadBalancerTargetGroups": ("TargetGroupARNs", _BALANCERS),
    "DetachTrafficSources": ("TrafficSources", _BALANCERS),
    "EnterStandby": ("InstanceIds", 20),
    "ExitStandby": ("InstanceIds", 20),
    "SetInstanceProtection": ("InstanceIds", 50),
}
"""By action, the member that is a list, and how long it may be."""


def install() -> None:
    for action, (member, most) in _MOST.items():
        method = xform_name(action)
        answer: Answer = getattr(AutoScalingResponse, method)
        moto_seams.replace(AutoScalingResponse, **{method: _bounded(answer, action, member, most)})


def _bounded(answer: Answer, action: str, member: str, most: int) -> Answer:
    def bounded(self: AutoScalingResponse) -> ActionResult:
        if len(self._get_param(member, [])) > most:
            raise _too_many(action, member, most)
        return answer(self)

    return bounded


def _too_many(action: str, member: str, most: int) -> AutoscalingClientError:
    if most == _BALANCERS:
        return ValidationError(
            "Trying to update too many Load Balancers/Target Groups at once. The limit is "
            f"{_BALANCERS}"
        )
    message = f"{action} takes at most {most} {member} in one request"
    if action == "SetInstanceProtection":  # API_SetInstanceProtection, Errors
        return AutoscalingClientError("LimitExceeded", message)
    return ValidationError(message)
