"""What StartInstances, StopInstances and TerminateInstances answer.

An instance that was in the state which the call leads to is in it still, where moto says that it
is on its way there.
Source: API_InstanceStateChange; "Instance state changes" in the Amazon EC2 User Guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams

_CHANGES = {
    "start_instances": ("StartingInstances", "running"),
    "stop_instances": ("StoppingInstances", "stopped"),
    "terminate_instances": ("TerminatingInstances", "terminated"),
}
"""By method of moto's, the member of its answer and the state that the call leads to."""


def install() -> None:
    for method, (member, final) in _CHANGES.items():
        whole = getattr(InstanceResponse, method)
        moto_seams.replace(InstanceResponse, **{method: _answering(whole, member, final)})


def _answering(change: Callable[[Any], ActionResult], member: str, final: str) -> Any:
    def answer(self: InstanceResponse) -> ActionResult:
        changed: Any = change(self).result
        shown = [
            {**each, "CurrentState": each["PreviousState"]}
            if each["PreviousState"].name == final
            else each
            for each in changed[member]
        ]
        return ActionResult({member: shown})

    return answer
