"""Dashboards that are not there are named.

Source: API_GetDashboard in the CloudWatch API Reference (ResourceNotFound); the words are those
that users reported of AWS.
"""

from __future__ import annotations

from moto.cloudwatch.exceptions import ResourceNotFound
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams

_moto_get = CloudWatchResponse.get_dashboard


def install() -> None:
    moto_seams.replace(CloudWatchResponse, get_dashboard=_get)


def _get(self: CloudWatchResponse) -> ActionResult:
    name = self._get_param("DashboardName")
    if self.cloudwatch_backend.get_dashboard(name) is None:
        raise ResourceNotFound(f"Dashboard {name} does not exist")
    answer: ActionResult = _moto_get(self)
    return answer
