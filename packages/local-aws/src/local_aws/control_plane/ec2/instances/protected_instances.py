"""Instances that are protected from being stopped or terminated, and which can hibernate.

moto terminates what comes before a protected instance in the request, and nothing behind it.
Source: API_TerminateInstances, API_StopInstances and API_ModifyInstanceAttribute in the EC2 API
Reference; EC2's words as users reported them.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    OperationDisableApiStopNotPermitted,
    OperationNotPermitted4,
)
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams

_moto_terminate = InstanceResponse.terminate_instances
_moto_stop = InstanceResponse.stop_instances


def install() -> None:
    moto_seams.replace(InstanceResponse, terminate_instances=_terminate, stop_instances=_stop)
    moto_seams.replace(OperationDisableApiStopNotPermitted, __init__=_may_not_be_stopped)


def _terminate(self: InstanceResponse) -> ActionResult:
    """Those in the Availability Zone of a protected instance stay; all others are terminated."""
    named = _named(self)
    protected = [each for each in named if each.disable_api_termination is True]
    if not protected:
        return _moto_terminate(self)
    self.error_on_dryrun()
    zones = {each.placement.zone for each in protected}
    going = [each.id for each in named if each.placement.zone not in zones]
    if going:
        self.params["InstanceIds"] = going
        _moto_terminate(self)
    raise OperationNotPermitted4(protected[0].id)


def _stop(self: InstanceResponse) -> ActionResult:
    """None is stopped where one of them may not be, or cannot hibernate as the request says."""
    for instance in _named(self):
        if instance.disable_api_stop is True:
            raise OperationDisableApiStopNotPermitted(instance.id)
        if self._get_bool_param("Hibernate", False) and not _can_hibernate(instance):
            raise EC2ClientError(
                "UnsupportedHibernationConfiguration",
                "The instance can't be hibernated because it was not configured at launch for "
                f"hibernation: {instance.id}",
            )
    return _moto_stop(self)


def _named(request: InstanceResponse) -> list[Instance]:
    found: list[Instance] = request.ec2_backend.get_multi_instances_by_id(
        request._get_param("InstanceIds", [])
    )
    return found


def _can_hibernate(instance: Instance) -> bool:
    options = instance.hibernation_options or {}
    return str(options.get("Configured")).lower() == "true"


def _may_not_be_stopped(self: OperationDisableApiStopNotPermitted, instance_id: str) -> None:
    EC2ClientError.__init__(
        self,
        "OperationNotPermitted",
        f"The instance '{instance_id}' may not be stopped. Modify its 'disableApiStop' instance "
        "attribute and try again.",
    )
