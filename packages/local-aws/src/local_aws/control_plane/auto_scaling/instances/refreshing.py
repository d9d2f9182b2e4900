"""Carry out an instance refresh, a step at a time."""

from __future__ import annotations

from collections.abc import Sequence

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import causes
from local_aws.control_plane.auto_scaling.group.instance_refreshes import InstanceRefresh
from local_aws.control_plane.auto_scaling.instances import (
    instance_refresh,
    members,
    refresh_steps,
    terminating,
)
from local_aws.control_plane.auto_scaling.instances.members import Member
from local_aws.control_plane.auto_scaling.instances.refresh_steps import (
    Bake,
    Fail,
    Finish,
    PassCheckpoint,
    Replace,
    Situation,
    Wait,
)


def advance(group: FakeAutoScalingGroup, refresh: InstanceRefresh, now: float) -> list[Member]:
    """Take its next step; return the members in service to replace, as its bounds allow."""
    remaining = [
        member
        for member in [*members.counted(group), *members.in_standby(group)]
        if member.instance_id in refresh.instance_ids
    ]
    cold, missing = instance_refresh.unready(group, refresh, now)
    refresh.note_remaining(len(remaining), len(cold) + missing)
    if refresh.status != "Cancelling":
        refresh.status_reason = instance_refresh.why_it_waits(cold)
    is_whole = not cold and not missing
    match refresh_steps.next_step(_situation(group, refresh, remaining, is_whole, now)):
        case Replace(instance_ids):
            return _take_out(
                group, refresh, [m for m in remaining if m.instance_id in instance_ids]
            )
        case PassCheckpoint():
            refresh.waits_since = None
            refresh.checkpoints_passed += 1
            return advance(group, refresh, now)
        case Wait(is_timed):
            if is_timed and refresh.waits_since is None:
                refresh.waits_since = now
        case Bake():
            refresh.status, refresh.waits_since = "Baking", now
        case Finish(status):
            _finish(group, refresh, status)
        case Fail(reason):
            _fail(group, refresh, reason)
    return []


def _take_out(
    group: FakeAutoScalingGroup, refresh: InstanceRefresh, chosen: Sequence[Member]
) -> list[Member]:
    """Those in service; who is in standby is nobody's capacity, and goes at once."""
    refresh.waits_since = None
    for member in chosen:
        if member.lifecycle_state == "Standby":
            cause = causes.replacing(instance_refresh.CAUSE, member.instance_id)
            terminating.begin(group, member, cause)
    return [member for member in chosen if member.lifecycle_state == "InService"]


def _finish(group: FakeAutoScalingGroup, refresh: InstanceRefresh, status: str) -> None:
    if status == "Successful":
        instance_refresh.succeed(group, refresh)
    else:
        refresh.finish(status, refresh.status_reason)


def _situation(
    group: FakeAutoScalingGroup,
    refresh: InstanceRefresh,
    remaining: Sequence[Member],
    is_whole: bool,
    now: float,
) -> Situation:
    wanted = refresh.wanted
    free = [member.instance_id for member in remaining if not _is_held(refresh, member)]
    return Situation(
        now=now,
        wanted=wanted,
        status=refresh.status,
        total=len(refresh.instance_ids),
        free=free,
        held=[each.instance_id for each in remaining if each.instance_id not in free],
        checkpoints_passed=refresh.checkpoints_passed,
        waits_since=refresh.waits_since,
        is_whole=is_whole,
        is_still=_is_still(group),
        alarm=next((name for name in wanted.alarms if _is_in_alarm(group, name)), None),
    )


def _is_held(refresh: InstanceRefresh, member: Member) -> bool:
    wanted = refresh.wanted
    if member.lifecycle_state == "Standby":
        return wanted.standby == "Wait"
    return bool(member.protected_from_scale_in) and wanted.protected == "Wait"


def _is_still(group: FakeAutoScalingGroup) -> bool:
    present = members.members_of(group)
    return len(members.counted(group)) >= (group.desired_capacity or 0) and not any(
        member.is_pending or member.is_terminating for member in present
    )


def _is_in_alarm(group: FakeAutoScalingGroup, name: str) -> bool:
    alarm = instance_refresh.alarm_of(group, name)
    return alarm is not None and alarm.state_value == "ALARM"


def _fail(group: FakeAutoScalingGroup, refresh: InstanceRefresh, reason: str) -> None:
    if refresh.status == "RollbackInProgress":
        refresh.finish("RollbackFailed", reason)
    elif refresh.wanted.rolls_back:
        instance_refresh.roll_back(group, refresh, reason)
    else:
        refresh.finish("Failed", reason)
