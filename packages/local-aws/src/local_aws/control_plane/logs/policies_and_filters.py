"""Metric filters and resource policies: of groups that are there, shown with all their members.

Source: API_PutMetricFilter, API_DeleteMetricFilter, API_MetricFilter; answers of the real
CloudWatch Logs as they have been recorded.
"""

from __future__ import annotations

import time
from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogResourcePolicy, LogsBackend

from local_aws.control_plane import moto_seams

_moto_add = MetricFilters.add_filter
_moto_delete = MetricFilters.delete_filter
_moto_delete_policy = LogsBackend.delete_resource_policy
_moto_found = MetricFilters.get_matching_filters
_moto_put = LogsBackend.put_metric_filter
_moto_shown_policy = LogResourcePolicy.describe


def install() -> None:
    moto_seams.replace(LogsBackend, delete_resource_policy=_delete_policy, put_metric_filter=_put)
    moto_seams.replace(
        MetricFilters, add_filter=_add, delete_filter=_delete, get_matching_filters=_found
    )
    moto_seams.replace(LogResourcePolicy, describe=_shown_policy)


def _put(
    self: LogsBackend, filter_name: str, filter_pattern: str, log_group_name: str, *others: Any
) -> None:
    if log_group_name not in self.groups:
        raise ResourceNotFoundException
    _moto_put(self, filter_name, filter_pattern, log_group_name, *others)


def _add(
    self: MetricFilters, filter_name: str, filter_pattern: str, log_group_name: str, *others: Any
) -> None:
    """One of the same name is changed; moto would have both."""
    self.metric_filters[:] = [
        each
        for each in self.metric_filters
        if (each["filterName"], each["logGroupName"]) != (filter_name, log_group_name)
    ]
    _moto_add(self, filter_name, filter_pattern, log_group_name, *others)
    self.metric_filters[-1] |= {
        "applyOnTransformedLogs": False,
        "creationTime": int(time.time() * 1000),
    }


def _delete(
    self: MetricFilters, filter_name: str | None = None, log_group_name: str | None = None
) -> list[dict[str, Any]]:
    before = len(self.metric_filters)
    left: list[dict[str, Any]] = _moto_delete(self, filter_name, log_group_name)
    if len(left) == before:
        raise ResourceNotFoundException("The specified metric filter does not exist.")
    return left


def _found(self: MetricFilters, *wanted: Any, **named: Any) -> list[dict[str, Any]]:
    found = _moto_found(self, *wanted, **named)
    return sorted(found, key=lambda each: (each["filterName"], each["logGroupName"]))


def _shown_policy(self: LogResourcePolicy) -> dict[str, Any]:
    return {**_moto_shown_policy(self), "policyScope": "ACCOUNT"}


def _delete_policy(self: LogsBackend, policy_name: str) -> None:
    if policy_name not in self.resource_policies:
        raise ResourceNotFoundException(f"Policy with name [{policy_name}] does not exist.")
    _moto_delete_policy(self, policy_name)
