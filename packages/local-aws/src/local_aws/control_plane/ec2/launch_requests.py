"""What RunInstances is asked for, and moto drops.

As many instances are launched as MaxCount says, if there is room. A ClientToken that came before
launches nothing: the same instances are the answer. An instance with DisableApiTermination is not
terminated by TerminateInstances.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2 import (
    client_tokens,
    launch_conflicts,
    launch_options,
    launch_placement,
)

_moto_run = InstanceResponse.run_instances


def install() -> None:
    moto_seams.replace(InstanceResponse, run_instances=_run)


def _run(self: InstanceResponse) -> ActionResult:
    return ActionResult(
        client_tokens.once(
            self, lambda: _launched(self), lambda reservation: not reservation.instances
        )
    )


def _launched(request: InstanceResponse) -> Any:
    """The reservation."""
    least = request._get_int_param("MinCount", 1)
    count = request._get_int_param("MaxCount", least)
    launch_conflicts.require_counts(least, count)
    request.params["MinCount"] = count
    launch_placement.require_fitting(request.ec2_backend, request._get_params(), count)
    reservation: Any = _moto_run(request).result
    for instance in reservation.instances:
        instance.disable_api_termination = _is_protected(request)
        launch_options.note_options(instance, request._get_params())
    return reservation


def _is_protected(request: InstanceResponse) -> bool:
    protected = request._get_param("DisableApiTermination")
    template = request._get_param("LaunchTemplate", {})
    if protected is None and template:
        backend = request.ec2_backend
        found = backend._get_template_from_args(template)
        protected = found.data.get("DisableApiTermination")
    return str(protected).lower() == "true"
