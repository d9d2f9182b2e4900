"""GetMetricData: values of several metrics, in pages. Metric math is refused by name.

Source: API_GetMetricData, API_MetricDataQuery and API_MetricDataResult in the CloudWatch API
Reference; answers of the real CloudWatch as they have been recorded, and as users reported them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams, offset_token
from local_aws.control_plane.cloudwatch.api import metric_reading
from local_aws.control_plane.cloudwatch.metric_store import MetricStore

_ACTION = "GetMetricData"
_MOST_DATAPOINTS = 100_800
_MOST_QUERIES = 500
_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
_EXCLUSIVE = (("Expression", "MetricStat"), ("Period", "MetricStat"))


def install() -> None:
    moto_seams.replace(CloudWatchResponse, get_metric_data=_get_data)


def _get_data(self: CloudWatchResponse) -> ActionResult:
    request = self._get_params()
    start, end = (metric_reading.seconds(request[name]) for name in ("StartTime", "EndTime"))
    if start > end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    if start == end:
        raise ValidationError("The parameter StartTime must not equal parameter EndTime.")
    queries = request.get("MetricDataQueries", [])
    _require_queries(queries, self.cloudwatch_backend.account_id)
    store = metric_reading.measured(self.cloudwatch_backend)
    is_ascending = request.get("ScanBy") == "TimestampAscending"
    results: dict[str, dict[str, Any]] = {}
    label_of = _labels([query["MetricStat"] for query in queries if "MetricStat" in query])
    for query in sorted(queries, key=lambda q: "Expression" in q):
        messages: list[dict[str, str]] = []
        if "MetricStat" in query:
            unit, messages = _unit(store, query["MetricStat"], start, end)
            points = list(_queried(store, query["MetricStat"], unit, start, end))
            points = points if is_ascending else points[::-1]
            label = label_of(query["MetricStat"])
            values = [value for _, value in points]
            times = [metric_reading.date(begin) for begin, _ in points]
        else:
            values, times = _of_expression(query["Expression"], results)
            label = query["Id"]
        results[query["Id"]] = {
            "Id": query["Id"],
            "Label": query.get("Label") or label,
            "Values": values,
            "Timestamps": times,
            "Messages": messages or None,
            "ReturnData": query.get("ReturnData", True),
        }
    shown = [result for result in results.values() if result.pop("ReturnData")]
    most = min(self._get_int_param("MaxDatapoints") or _MOST_DATAPOINTS, _MOST_DATAPOINTS)
    page, token = _page(shown, offset_token.read(_ACTION, request.get("NextToken") or ""), most)
    return ActionResult({"MetricDataResults": page, "Messages": [], "NextToken": token})


def _require_queries(queries: Sequence[Mapping[str, Any]], account_id: str) -> None:
    if len(queries) > _MOST_QUERIES:
        raise ValidationError(
            f"The collection MetricDataQueries must not have a size greater than {_MOST_QUERIES}."
        )
    for number, query in enumerate(queries, 1):
        _require_query(query, f"MetricDataQueries.member.{number}", account_id)
    if len({query["Id"] for query in queries}) < len(queries):
        raise ValidationError("The values for parameter id in MetricDataQueries are not unique.")


def _require_query(query: Mapping[str, Any], path: str, account_id: str) -> None:
    if not _ID.fullmatch(query["Id"]):
        raise ValidationError(
            f"The value {query['Id']} for parameter {path}.Id is not matching the expected "
            "pattern ^[a-z][a-zA-Z0-9_]*$."
        )
    for one, other in _EXCLUSIVE:
        if query.get(one) and query.get(other):
            raise ValidationError(
                f"The parameters {path}.{one} and {path}.{other} are mutually exclusive and you "
                "have specified both."
            )
    if "MetricStat" not in query and not query.get("Expression"):
        # AWS also returns the empty line.
        raise ValidationError(f"The parameter {path}.MetricStat is required.\n")
    if query.get("AccountId", account_id) != account_id:
        raise ValidationError(
            f"Metrics of other accounts are not emulated by the local AWS ({path}.AccountId)."
        )
    if "${" in query.get("Label", ""):
        raise ValidationError(f"Dynamic labels are not emulated by the local AWS ({path}.Label).")
    if "MetricStat" in query:
        metric_reading.require_statistic(query["MetricStat"]["Stat"], "Stat")


def _page(
    results: Sequence[dict[str, Any]], start: int, most: int
) -> tuple[list[dict[str, Any]], str | None]:
    """So many datapoints of all results together, from the one of number `start`."""
    page, before, end = [], 0, start + most
    for result in results:
        count = len(result["Values"])
        first, last = max(start - before, 0), min(end - before, count)
        if first < last or (count == 0 and start <= before < end):
            status = "Complete" if last >= count else "PartialData"
            cut = {name: result[name][first:last] for name in ("Values", "Timestamps")}
            page.append({**result, **cut, "StatusCode": status})
        before += count
    return page, offset_token.write(_ACTION, end) if end < before else None


def _labels(queried: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], str]:
    """Labels that distinguish the queries of one request: the metric's name, and what differs.

    Source: answers of the real CloudWatch as they have been recorded.
    """
    differing = [name for name in ("Stat", "Period") if len({each[name] for each in queried}) > 1]

    def label(query: Mapping[str, Any]) -> str:
        return " ".join((query["Metric"]["MetricName"], *(str(query[name]) for name in differing)))

    return label


def _unit(
    store: MetricStore, query: Mapping[str, Any], start: float, end: float
) -> tuple[str | None, list[dict[str, str]]]:
    """The unit of the values, and what is to be said of it: of several, it is the first by name.

    Source: answers of the real CloudWatch as they have been recorded.
    """
    units = store.units(metric_reading.metric_of(query["Metric"]), start, end)
    if query.get("Unit") or not units:
        return query.get("Unit"), []
    if len(units) == 1:
        return units[0], []
    said = f"Multiple units returned: '[{', '.join(units)}]'"
    return units[0], [{"Code": "MultipleUnits", "Value": said}]


def _queried(
    store: MetricStore, query: Mapping[str, Any], unit: str | None, start: float, end: float
) -> Iterator[tuple[float, float]]:
    metric = metric_reading.metric_of(query["Metric"])
    period = metric_reading.period_of(query["Period"])
    for begin in metric_reading.starts(start, end, period, _MOST_DATAPOINTS):
        datum = store.datum(metric, begin, period, unit)
        value = datum.statistic(query["Stat"]) if datum else None
        if value is not None:
            yield begin, value


def _of_expression(
    expression: str, results: Mapping[str, Mapping[str, Any]]
) -> tuple[list[float], list[datetime]]:
    """AWS: the id of another query is an expression."""
    if expression not in results:
        raise ValidationError(
            f"Metric math is not emulated by the local AWS (Expression {expression!r}); the id of "
            "another query is all that it takes."
        )
    return list(results[expression]["Values"]), list(results[expression]["Timestamps"])
