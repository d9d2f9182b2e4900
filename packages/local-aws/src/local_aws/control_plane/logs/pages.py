"""Lists of CloudWatch Logs in pages, which moto counts or gives whole.

Source: limit and nextToken of API_DescribeMetricFilters, API_DescribeDestinations and
API_DescribeExportTasks: 50 items; answers of the real CloudWatch Logs as they have been recorded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from local_aws.control_plane import key_token, moto_seams

_Item = TypeVar("_Item")
_MOST = 50

_moto_destinations = LogsBackend.describe_destinations
_moto_metric_filters = LogsResponse.describe_metric_filters


def install() -> None:
    moto_seams.replace(LogsBackend, describe_destinations=_destinations)
    moto_seams.replace(
        LogsResponse, describe_export_tasks=_export_tasks, describe_metric_filters=_metric_filters
    )


def page(
    action: str,
    items: Iterable[_Item],
    place: Callable[[_Item], tuple[Any, ...]],
    token: str | None,
    most: int,
    *,
    is_descending: bool = False,
) -> tuple[list[_Item], str | None]:
    """The page behind a token, in order, and the next page's. Raises InvalidParameterException."""
    try:
        return key_token.page(action, items, place, token, most, is_descending=is_descending)
    except ValueError:
        raise InvalidParameterException("The specified nextToken is invalid.") from None


def answer(name: str, items: list[Any], token: str | None, **others: Any) -> str:
    """The body of an answer with a page of what is listed under a name."""
    return json.dumps({name: items, **others, **({"nextToken": token} if token else {})})


def _metric_filters(self: LogsResponse) -> str:
    found = json.loads(_moto_metric_filters(self))["metricFilters"]
    shown = _asked_for(self, "DescribeMetricFilters", found, _place_of_filter)
    return answer("metricFilters", *shown)


def _place_of_filter(each: dict[str, Any]) -> tuple[str, str]:
    return each["filterName"], each["logGroupName"]


def _export_tasks(self: LogsResponse) -> str:
    """An id that no task has finds none."""
    asked, status = self._get_param("taskId"), self._get_param("statusCode")
    found = [
        shown
        for shown in (task.to_json() for task in self.logs_backend.export_tasks.values())
        if asked in (None, shown["taskId"]) and status in (None, shown["status"]["code"])
    ]
    shown_tasks = _asked_for(self, "DescribeExportTasks", found, lambda task: (task["taskId"],))
    return answer("exportTasks", *shown_tasks)


def _asked_for(
    response: LogsResponse,
    action: str,
    found: list[dict[str, Any]],
    place: Callable[[dict[str, Any]], tuple[Any, ...]],
) -> tuple[list[dict[str, Any]], str | None]:
    token, limit = response._get_param("nextToken"), response._get_param("limit")
    return page(action, found, place, token, limit or _MOST)


def _destinations(
    self: LogsBackend, destination_name_prefix: str, limit: int, next_token: str | None = None
) -> tuple[list[dict[str, Any]], str | None]:
    found, _ = _moto_destinations(self, destination_name_prefix, limit)
    return page(
        "DescribeDestinations", found, lambda each: (each["destinationName"],), next_token, limit
    )
