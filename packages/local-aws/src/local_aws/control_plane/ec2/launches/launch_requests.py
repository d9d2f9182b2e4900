"""What RunInstances is asked for, and moto drops.

As many instances are launched as MaxCount says, if there is room. A ClientToken that came before
launches nothing: the same instances are the answer until they are terminated. The request may turn
off what its launch template turns on; DisableApiTermination counts from either.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html;
IdempotentInstanceTerminated in EC2's error codes, in the words that users reported
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.api import client_tokens
from local_aws.control_plane.ec2.launches import launch_options, launch_placement, launching
from local_aws.control_plane.ec2.network_interfaces import launch_conflicts

_SWITCHES = {"DisableApiStop": "disable_api_stop", "EbsOptimized": "ebs_optimized"}
"""Members of a request that are booleans, and what moto's instance calls them."""

_moto_run = InstanceResponse.run_instances


def install() -> None:
    moto_seams.replace(InstanceResponse, run_instances=_run)


def _run(self: InstanceResponse) -> ActionResult:
    reservation = client_tokens.once(
        self, lambda: _launched(self), lambda reservation: not reservation.instances
    )
    if all(instance.state == "terminated" for instance in reservation.instances):
        raise EC2ClientError(
            "IdempotentInstanceTerminated",
            "The client token you have provided is associated with a terminated instance. Please "
            "use a different client token.",
        )
    return ActionResult(reservation)


def _launched(request: InstanceResponse) -> Any:
    """The reservation."""
    least = request._get_int_param("MinCount", 1)
    count = request._get_int_param("MaxCount", least)
    launch_conflicts.require_counts(least, count)
    asked = request._get_params()
    launch_conflicts.require_one_profile_name(asked.get("IamInstanceProfile"))
    launch_conflicts.require_one_address(asked, count)
    template = launching.template_data(request.ec2_backend, asked.get("LaunchTemplate"))
    launch_conflicts.require_no_subnet(asked, template)
    request.params["MinCount"] = count
    launch_placement.require_fitting(request.ec2_backend, asked, count)
    reservation: Any = _moto_run(request).result
    for instance in reservation.instances:
        instance.disable_api_termination = _is_protected(asked, template)
        launch_options.note_options(instance, asked)
        _turn_off(instance, asked)
    return reservation


def _turn_off(instance: Instance, asked: Mapping[str, Any]) -> None:
    """What the request turns off, whatever its launch template says.

    moto hands on no difference between a member that is false and one that is not there.
    """
    for member, attribute in _SWITCHES.items():
        if _is_false(asked.get(member)):
            setattr(instance, attribute, False)
    if _is_false(asked.get("Monitoring", {}).get("Enabled")):
        instance.monitoring_state = "disabled"


def _is_false(value: Any) -> bool:
    return str(value).lower() == "false"


def _is_protected(asked: Mapping[str, Any], template: Mapping[str, Any]) -> bool:
    protected = asked.get("DisableApiTermination", template.get("DisableApiTermination"))
    return str(protected).lower() == "true"
