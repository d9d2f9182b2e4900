"""CloudWatch Logs: parameters that exclude each other or lack, and the groups that a pattern finds.

moto passes over the pattern and over identifiers of groups.
Source: answers of the real CloudWatch Logs as they have been recorded; API_DescribeLogGroups:
logGroupNamePattern is "a case-sensitive substring search"; API_StartQuery: "exactly one" of the
parameters that name groups.
"""

from __future__ import annotations

import json
from typing import Any

from moto.logs.exceptions import InvalidParameterException, LogsClientError
from moto.logs.responses import LogsResponse

from local_aws.control_plane import moto_seams

_MOST = 50
_COLONS_OF_ARN = 5
_GROUPS = ("logGroupName", "logGroupNames", "logGroupIdentifiers")
_NOT_BY_PATTERN = ("metricFilterCount", "storedBytes")

_moto_groups = LogsResponse.describe_log_groups
_moto_streams = LogsResponse.describe_log_streams
_moto_query = LogsResponse.start_query
_moto_put_source = LogsResponse.put_delivery_source
_moto_put_filter = LogsResponse.put_subscription_filter
_moto_put_destination = LogsResponse.put_delivery_destination


def install() -> None:
    moto_seams.replace(
        LogsResponse,
        describe_log_groups=_groups,
        describe_log_streams=_streams,
        start_query=_start_query,
        put_delivery_source=_put_source,
        put_delivery_destination=_put_destination,
        put_subscription_filter=_put_filter,
    )


def _groups(self: LogsResponse) -> str:
    """A token is the name of the last group of the page before."""
    pattern = self._get_param("logGroupNamePattern")
    if not pattern:
        return _moto_groups(self)
    if self._get_param("logGroupNamePrefix"):
        raise InvalidParameterException(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
        )
    after, limit = self._get_param("nextToken", ""), self._get_param("limit", _MOST)
    groups = self.logs_backend.groups
    names = sorted(name for name in groups if pattern in name and name > after)
    shown = [dict(groups[name].to_describe_dict()) for name in names[:limit]]
    for group, member in ((group, member) for group in shown for member in _NOT_BY_PATTERN):
        group.pop(member, None)
    token = names[limit - 1] if len(names) > limit else None
    return json.dumps({"logGroups": shown, "nextToken": token})


def _streams(self: LogsResponse) -> str:
    if self._get_param("logGroupName") and self._get_param("logGroupIdentifier"):
        raise LogsClientError(
            "ValidationException",
            "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
        )
    return _moto_streams(self)


def _start_query(self: LogsResponse) -> str:
    given = [name for name in _GROUPS if self._get_param(name)]
    if len(given) != 1:
        raise InvalidParameterException(f"Exactly one of {', '.join(_GROUPS)} must be given.")
    if given == ["logGroupIdentifiers"]:
        raise InvalidParameterException(
            "logGroupIdentifiers are not emulated by the local AWS; give logGroupNames."
        )
    return str(_moto_query(self))


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
    arn = str(self._get_param("destinationArn"))
    if arn.count(":") < _COLONS_OF_ARN:
        raise InvalidParameterException(f"The destinationArn {arn} is no ARN.")
    return _moto_put_filter(self)
