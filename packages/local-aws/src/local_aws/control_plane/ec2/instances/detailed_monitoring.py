"""Detailed monitoring is switched on and off; here it changes nothing but what is shown.

moto knows it of launches only.
Source: API_MonitorInstances and API_UnmonitorInstances in the EC2 API Reference.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.add(InstanceResponse, monitor_instances=_monitor, unmonitor_instances=_unmonitor)


def _monitor(self: InstanceResponse) -> ActionResult:
    return _switch(self, "enabled", "pending")


def _unmonitor(self: InstanceResponse) -> ActionResult:
    return _switch(self, "disabled", "disabling")


def _switch(request: InstanceResponse, state: str, on_its_way: str) -> ActionResult:
    named = request._get_param("InstanceIds", [])
    instances = request.ec2_backend.get_multi_instances_by_id(named)
    for instance in instances:
        instance.monitoring_state = state
    return ActionResult(
        {
            "InstanceMonitorings": [
                {"InstanceId": instance.id, "Monitoring": {"State": on_its_way}}
                for instance in instances
            ]
        }
    )
