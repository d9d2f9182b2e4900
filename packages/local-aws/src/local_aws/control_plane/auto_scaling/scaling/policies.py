"""The scaling policies of a region: moto knows each by its name alone, whichever group it is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends

Policy = Any
"""moto's FakeScalingPolicy, typed loosely: its hints are narrower than what it holds."""


def key(group_name: str, policy_name: str) -> str:
    """Where moto's dictionary keeps a policy: names are unique in a group only."""
    return f"{group_name}/{policy_name}"


def find(
    backend: AutoScalingBackend, name_or_arn: str, group_name: str | None = None
) -> Policy | None:
    """A policy by its ARN, or by its name, in a group where one is given."""
    found: Iterator[Policy] = iter(backend.policies.values())
    return next(
        (
            policy
            for policy in found
            if name_or_arn in (policy.arn, policy.name)
            and group_name in (None, "", policy.auto_scaling_group_name)
        ),
        None,
    )


def of_group(backend: AutoScalingBackend, group: FakeAutoScalingGroup) -> list[Policy]:
    """The policies of a group."""
    all_of_region: list[Policy] = list(backend.policies.values())
    return [each for each in all_of_region if each.auto_scaling_group_name == group.name]


def cloudwatch_of(backend: AutoScalingBackend) -> CloudWatchBackend:
    """The alarms beside these groups."""
    return cloudwatch_backends[backend.account_id][backend.region_name]


def alarms_of(backend: AutoScalingBackend, policy: Policy) -> list[Alarm]:
    """The alarms that invoke a policy."""
    return [
        alarm
        for alarm in cloudwatch_of(backend).alarms.values()
        if policy.arn in (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
    ]
