"""Lists of alarms and of their history in pages; moto gives all there is.

Source: MaxRecords in API_DescribeAlarms and API_DescribeAlarmHistory.
"""

from __future__ import annotations

from moto.cloudwatch.responses import CloudWatchResponse

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size

_HUNDRED = Size(usual=100, most=100)


def install() -> None:
    sizes = {"DescribeAlarmHistory": _HUNDRED, "DescribeAlarms": _HUNDRED}
    pages.install("cloudwatch", CloudWatchResponse, sizes)
