"""Groups and streams: how they are created, found and shown.

Source: API_DescribeLogGroups: logGroupNamePattern is "a case-sensitive substring search";
API_ListLogGroups: it is a regular expression there, and a page has 50 groups, or up to 1,000;
API_LogStream: storedBytes is zero since 2019; API_PutRetentionPolicy: retentionInDays; answers of
the real CloudWatch Logs as they have been recorded.
"""

from __future__ import annotations

import re
from typing import Any

from moto.logs.exceptions import (
    InvalidParameterException,
    LogsClientError,
    ResourceNotFoundException,
)
from moto.logs.models import LogGroup, LogsBackend, LogStream, logs_backends
from moto.logs.responses import LogsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.logs import pages
from local_aws.control_plane.logs.events import NO_STREAM

_MOST = 50
_NOT_BY_PATTERN = ("deletionProtectionEnabled", "metricFilterCount", "storedBytes")
_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557),
    *(2922, 3288, 3653),
)

_moto_create_group = LogsBackend.create_log_group
_moto_create_stream = LogGroup.create_log_stream
_moto_delete_group = LogsBackend.delete_log_group
_moto_delete_stream = LogGroup.delete_log_stream
_moto_put_retention = LogsBackend.put_retention_policy
_moto_shown = LogGroup.to_describe_dict
_moto_shown_stream = LogStream.to_describe_dict
_moto_tag = LogsBackend.tag_resource
_moto_streams = LogsResponse.describe_log_streams


def install() -> None:
    moto_seams.replace(LogsResponse, describe_log_groups=_groups, describe_log_streams=_streams)
    moto_seams.add(LogsResponse, list_log_groups=_list_groups)
    moto_seams.replace(
        LogsBackend,
        delete_log_group=_delete_group,
        create_log_group=_create_group,
        put_retention_policy=_put_retention,
        tag_resource=_tag,
        _find_log_group=_find,
    )
    moto_seams.replace(
        LogGroup,
        create_log_stream=_create_stream,
        delete_log_stream=_delete_stream,
        describe_log_streams=_page_of_streams,
        to_describe_dict=_shown,
    )
    moto_seams.replace(LogStream, to_describe_dict=_shown_stream)


def _create_group(self: LogsBackend, log_group_name: str, *arguments: Any, **named: Any) -> Any:
    """API_CreateLogGroup: no name begins with aws/; the words are those that users reported."""
    if log_group_name.lower().startswith("aws/"):
        raise InvalidParameterException("Log groups starting with AWS/ are reserved for AWS.")
    return _moto_create_group(self, log_group_name, *arguments, **named)


def _tag(self: LogsBackend, arn: str, tags: dict[str, str]) -> None:
    """API_TagResource: ResourceNotFoundException."""
    name = arn.partition(":log-group:")[2]
    if name and name not in self.groups:
        raise ResourceNotFoundException
    _moto_tag(self, arn, tags)


def _groups(self: LogsResponse) -> str:
    pattern, prefix = self._get_param("logGroupNamePattern"), self._get_param("logGroupNamePrefix")
    if pattern and prefix:
        raise InvalidParameterException(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
        )
    groups, asked = self.logs_backend.groups, self._get_param("logGroupIdentifiers")
    names = (
        name
        for name, group in groups.items()
        if (pattern or "") in name
        and name.startswith(prefix or "")
        and (not asked or not {name, group.arn}.isdisjoint(asked))
    )
    token, limit = self._get_param("nextToken"), self._get_param("limit", _MOST)
    page, more = pages.page("DescribeLogGroups", names, _by_name, token, limit)
    shown = [dict(groups[name].to_describe_dict()) for name in page]
    for group, member in ((each, member) for each in shown for member in _NOT_BY_PATTERN):
        if pattern:
            group.pop(member, None)
    return pages.answer("logGroups", shown, more)


def _by_name(name: str) -> tuple[str]:
    return (name,)


def _list_groups(self: LogsResponse) -> str:
    groups = self.logs_backend.groups
    # The model lets no pattern pass that is no regular expression.
    expression = re.compile(self._get_param("logGroupNamePattern") or "")
    names = filter(expression.search, groups)
    token, limit = self._get_param("nextToken"), self._get_param("limit", _MOST)
    page, more = pages.page("ListLogGroups", names, _by_name, token, limit)
    shown = [groups[name].to_describe_dict() for name in page]
    listed = [
        {member: group[member] for member in ("logGroupName", "logGroupArn", "logGroupClass")}
        for group in shown
    ]
    return pages.answer("logGroups", listed, more)


def _streams(self: LogsResponse) -> str:
    if self._get_param("logGroupName") and self._get_param("logGroupIdentifier"):
        raise LogsClientError(
            "ValidationException",
            "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
        )
    return _moto_streams(self)


def _page_of_streams(
    self: LogGroup,
    descending: bool,
    log_group_name: str,
    log_stream_name_prefix: str,
    order_by: str,
    limit: int,
    next_token: str | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """moto shows nothing more once the last stream of a page is deleted."""
    found = [
        stream.to_describe_dict()
        for name, stream in self.streams.items()
        if name.startswith(log_stream_name_prefix)
    ]
    is_by_name = order_by == "LogStreamName"
    return pages.page(
        f"DescribeLogStreams of {log_group_name} by {order_by} {descending}",
        found,
        lambda stream: (
            0 if is_by_name else stream.get("lastEventTimestamp", 0),
            stream["logStreamName"],
        ),
        next_token,
        limit,
        is_descending=descending,
    )


def _find(
    self: LogsBackend, log_group_id: str | None = None, log_group_name: str | None = None
) -> LogGroup:
    """The group of a name, or of an identifier: a name or an ARN, for which moto takes any."""
    if not log_group_name and not log_group_id:
        raise InvalidParameterException("A logGroupName or a logGroupIdentifier must be given.")
    name = log_group_name or (log_group_id or "").rpartition(":log-group:")[2].removesuffix(":*")
    group: LogGroup | None = self.groups.get(name)
    if group is None:
        raise ResourceNotFoundException
    return group


def _create_stream(self: LogGroup, log_stream_name: str) -> None:
    if log_stream_name in self.streams:
        raise LogsClientError(
            "ResourceAlreadyExistsException", "The specified log stream already exists"
        )
    _moto_create_stream(self, log_stream_name)


def _delete_stream(self: LogGroup, log_stream_name: str) -> None:
    if log_stream_name not in self.streams:
        raise ResourceNotFoundException(NO_STREAM)
    _moto_delete_stream(self, log_stream_name)


def _delete_group(self: LogsBackend, log_group_name: str) -> None:
    """Its metric filters go with it."""
    _moto_delete_group(self, log_group_name)
    filters = self.filters.metric_filters
    filters[:] = [each for each in filters if each["logGroupName"] != log_group_name]


def _put_retention(self: LogsBackend, log_group_name: str, retention_in_days: Any) -> None:
    if int(retention_in_days) not in _RETENTION_DAYS:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {list(_RETENTION_DAYS)}",
            parameter="retentionInDays",
            value=retention_in_days,
        )
    _moto_put_retention(self, log_group_name, retention_in_days)


def _shown(self: LogGroup) -> dict[str, Any]:
    filters = logs_backends[self.account_id][self.region].filters.metric_filters
    return {
        **_moto_shown(self),
        "deletionProtectionEnabled": False,
        "logGroupClass": "STANDARD",
        "metricFilterCount": sum(each["logGroupName"] == self.name for each in filters),
    }


def _shown_stream(self: LogStream) -> dict[str, Any]:
    return {**_moto_shown_stream(self), "storedBytes": 0}
