"""Requests that change a group, all of which are refused while it is being deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from botocore import xform_name
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.group import pending_deletion

Answer = Callable[[AutoScalingResponse], ActionResult]

_OF_NO_CHANGE = ("Describe", "Get")
_OF_THEIR_OWN = ("CreateAutoScalingGroup", "DeleteAutoScalingGroup")


def install() -> None:
    for method in _changing():
        answer: Answer = getattr(AutoScalingResponse, method)
        moto_seams.replace(AutoScalingResponse, **{method: _guarded(answer)})


def _changing() -> Iterator[str]:
    """moto's methods for the actions that change the group which they name."""
    model = get_service_model("autoscaling")
    for action in model.operation_names:
        method, given = xform_name(action), model.operation_model(action).input_shape
        if (
            given is not None
            and "AutoScalingGroupName" in given.members
            and not action.startswith(_OF_NO_CHANGE)
            and action not in _OF_THEIR_OWN
            and hasattr(AutoScalingResponse, method)
        ):
            yield method


def _guarded(answer: Answer) -> Answer:
    def guarded(self: AutoScalingResponse) -> ActionResult:
        name = self._get_param("AutoScalingGroupName")
        group = self.autoscaling_backend.autoscaling_groups.get(name)
        if group is not None:
            pending_deletion.require_none(group)
        return answer(self)

    return guarded
