"""Dashboards have names of certain characters; one that is not there is named.

Source: API_PutDashboard and API_GetDashboard in the CloudWatch API Reference (ResourceNotFound);
answers of the real CloudWatch as they have been recorded.
"""

from __future__ import annotations

import re

from moto.cloudwatch.exceptions import InvalidParameterValue, ResourceNotFound
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")

_moto_get = CloudWatchResponse.get_dashboard
_moto_put = CloudWatchResponse.put_dashboard


def install() -> None:
    moto_seams.replace(CloudWatchResponse, get_dashboard=_get, put_dashboard=_put)


def _put(self: CloudWatchResponse) -> ActionResult:
    if not _NAME.fullmatch(self._get_param("DashboardName")):
        # AWS also returns the empty line.
        raise InvalidParameterValue(
            "The value for field DashboardName contains invalid characters. It can only contain "
            "alphanumerics, dash (-) and underscore (_).\n"
        )
    answer: ActionResult = _moto_put(self)
    return answer


def _get(self: CloudWatchResponse) -> ActionResult:
    name = self._get_param("DashboardName")
    if self.cloudwatch_backend.get_dashboard(name) is None:
        raise ResourceNotFound(f"Dashboard {name} does not exist")
    answer: ActionResult = _moto_get(self)
    return answer
