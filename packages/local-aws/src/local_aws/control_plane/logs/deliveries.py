"""Where logs are delivered to, and queries: what they must be given, and how they are shown.

Source: answers of the real CloudWatch Logs as they have been recorded; API_PutSubscriptionFilter;
API_StartQuery: "exactly one" of the parameters that name groups.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from moto.logs.exceptions import (
    InvalidParameterException,
    LogsClientError,
    ResourceNotFoundException,
)
from moto.logs.models import LogQuery, LogStream, SubscriptionFilter
from moto.logs.responses import LogsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.logs import filter_patterns

_COLONS_OF_ARN = 5
_GROUPS = ("logGroupName", "logGroupNames", "logGroupIdentifiers")
_NEED_ROLE = ("firehose", "kinesis")

_moto_query = LogsResponse.start_query
_moto_shown_query = LogQuery.to_json
_moto_put_source = LogsResponse.put_delivery_source
_moto_put_filter = LogsResponse.put_subscription_filter
_moto_put_destination = LogsResponse.put_delivery_destination
_moto_send = LogStream._send_log_events
_moto_shown_filter = SubscriptionFilter.to_json


@dataclass
class _Distribution:
    kind: str = "ByLogStream"


def install() -> None:
    moto_seams.replace(
        LogsResponse,
        start_query=_start_query,
        put_delivery_source=_put_source,
        put_delivery_destination=_put_destination,
        put_subscription_filter=_put_filter,
    )
    moto_seams.replace(LogQuery, to_json=_shown_query)
    moto_seams.replace(LogStream, _send_log_events=_send)
    moto_seams.replace(SubscriptionFilter, to_json=_shown_filter)


def _start_query(self: LogsResponse) -> str:
    given = [name for name in _GROUPS if self._get_param(name)]
    if len(given) != 1:
        raise InvalidParameterException(f"Exactly one of {', '.join(_GROUPS)} must be given.")
    if given == ["logGroupIdentifiers"]:
        raise InvalidParameterException(
            "logGroupIdentifiers are not emulated by the local AWS; give logGroupNames."
        )
    asked = self._get_param(given[0])
    for name in [asked] if isinstance(asked, str) else asked:
        if name not in self.logs_backend.groups:
            raise ResourceNotFoundException(
                f"Log group '{name}' does not exist for account ID '{self.current_account}' "
                "(Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; "
                f"Request ID: {uuid.uuid4()}; Proxy: null)"
            )
    return str(_moto_query(self))


def _shown_query(self: LogQuery, log_group_name: str) -> dict[str, Any]:
    source = f'SOURCE "{log_group_name}" START={self.start_time}000 END={self.end_time}999'
    return {
        **_moto_shown_query(self, log_group_name),
        "queryLanguage": "CWLI",
        "queryString": f"{source} | {self.query}",
    }


def _put_destination(self: LogsResponse) -> str:
    given = self._get_param("deliveryDestinationConfiguration")
    if not given:
        raise LogsClientError(
            "ValidationException", "A destination needs a deliveryDestinationConfiguration."
        )
    _require_arn(str(given.get("destinationResourceArn")))
    return str(_moto_put_destination(self))


def _put_source(self: LogsResponse) -> str:
    _require_arn(str(self._get_param("resourceArn")))
    return str(_moto_put_source(self))


def _require_arn(text: str) -> None:
    if text.count(":") < _COLONS_OF_ARN:
        raise LogsClientError("ValidationException", f"{text} is no ARN of a resource.")


def _put_filter(self: LogsResponse) -> Any:
    """moto delivers everything, whatever the pattern, and changes none of two filters."""
    arn = str(self._get_param("destinationArn"))
    if arn.count(":") < _COLONS_OF_ARN:
        raise InvalidParameterException(f"The destinationArn {arn} is no ARN.")
    vendor = arn.split(":")[2]
    if vendor in _NEED_ROLE and not self._get_param("roleArn"):
        raise InvalidParameterException(
            f"destinationArn for vendor {vendor} cannot be used without roleArn"
        )
    filter_patterns.compiled(self._get_param("filterPattern"))
    group = self.logs_backend.groups.get(self._get_param("logGroupName"))
    filters = group.subscription_filters if group else {}
    name = self._get_param("filterName")
    before = filters.pop(name, None)
    try:
        answer = _moto_put_filter(self)
    except Exception:
        if before is not None:
            filters[name] = before
        raise
    moto_seams.notes(filters[name], _Distribution).kind = (
        self._get_param("distribution") or _Distribution.kind
    )
    return answer


def _shown_filter(self: SubscriptionFilter) -> dict[str, Any]:
    kind = moto_seams.notes(self, _Distribution).kind
    return {**_moto_shown_filter(self), "applyOnTransformedLogs": False, "distribution": kind}


def _send(
    self: LogStream,
    service: str,
    destination_arn: str,
    filter_name: str,
    log_events: list[dict[str, Any]],
) -> None:
    pattern = self.log_group.subscription_filters[filter_name].filter_pattern
    passes = filter_patterns.compiled(pattern)
    passed = [event for event in log_events if passes(event["message"])]
    if passed:
        _moto_send(self, service, destination_arn, filter_name, passed)
