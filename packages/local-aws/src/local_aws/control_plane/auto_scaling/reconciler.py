"""Converge each Auto Scaling group to its desired state: level-triggered, a step at a time.

API calls and the data plane change what is; this looks at what is and does the next thing. Source:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html
"""

from __future__ import annotations

import logging
import time
from datetime import UTC

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends

from local_aws.contract.facts import Facts
from local_aws.control_plane import moto_seams, wiring
from local_aws.control_plane.auto_scaling.group import (
    causes,
    pending_deletion,
    processes,
    scaling_activities,
    schedule,
)
from local_aws.control_plane.auto_scaling.group.notes import begin_activity, notes_of
from local_aws.control_plane.auto_scaling.instances import (
    entering,
    group_deletion,
    health,
    launching,
    lifetime,
    members,
    placement,
    registration,
    replacing,
    terminating,
)
from local_aws.control_plane.auto_scaling.instances.members import Member, members_of
from local_aws.control_plane.auto_scaling.instances.replacing import Replacing
from local_aws.control_plane.ec2.instances.instance_states import lifecycle
from local_aws.host.repeated_error import RepeatedErrors

_HOUR_SECONDS = 3600.0
_ALL_PROTECTED = (
    "Could not scale to desired capacity because all remaining instances are protected from "
    "scale-in."
)

_failures = RepeatedErrors(logging.getLogger(__name__))


def reconcile(facts: Facts, now: float) -> None:
    """Bring every group nearer to its desired state.

    Call it under LOCK, each 100 ms. It does nothing where nothing is to be done, and its cost is
    linear in the number of instances. `now` is seconds since the epoch. A group that fails is
    logged, and the others go on.
    """
    for backend in moto_seams.backends_in_use(autoscaling_backends):
        for group in list(backend.autoscaling_groups.values()):
            what = f"reconciling {group.arn}"
            try:
                _reconcile_group(group, facts, now)
                _failures.succeeded(what)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next turn tries again
                _failures.failed(what, error)


def reconcile_group(group: FakeAutoScalingGroup) -> None:
    """Act on an API call at once instead of at the next turn."""
    _reconcile_group(group, wiring.current().facts, time.time())


def _reconcile_group(group: FakeAutoScalingGroup, facts: Facts, now: float) -> None:
    if pending_deletion.is_pending(group):
        group_deletion.advance(group, facts, now)
        return
    schedule.advance(group, now)
    for member in list(members_of(group)):
        _advance_member(group, member, facts, now)
    _match_capacity(group, replacing.advance(group, now), now)
    for member in list(members_of(group)):
        # What was launched or taken out of service just now has its first step at once.
        _advance_member(group, member, facts, now)


def _advance_member(group: FakeAutoScalingGroup, member: Member, facts: Facts, now: float) -> None:
    if member.is_terminating:
        terminating.advance(group, member, facts, now)
        return
    if member.lifecycle_state == "Standby":
        # No health check, no replacement: a user may stop it there.
        registration.deregister(group, member)
        if member.activity:
            member.activity.succeed()
            member.activity = None
        return
    if not processes.is_suspended(group, "HealthCheck"):
        _check_health(group, member, facts, now)
    if (
        member.health_status == "Unhealthy"
        and _replaces_unhealthy(group)
        and not replacing.waits_for_another(group, member)
    ):
        if lifecycle(member.instance).failure:  # the next one may fail as well: no fast loop
            launching.delay_next(group, now)
        notes_of(group).replacements_owed += 1
        terminating.begin(group, member, scaling_activities.at(member.failed_check))
    elif member.is_pending:
        entering.advance(group, member, now)
    if member.lifecycle_state == "InService" and not processes.is_suspended(
        group, "AddToLoadBalancer"
    ):
        registration.register(group, member)


def _check_health(group: FakeAutoScalingGroup, member: Member, facts: Facts, now: float) -> None:
    failed = health.failed_check(group, member, facts, now)
    if failed and member.health_status == "Healthy":
        member.health_status = "Unhealthy"
        member.failed_check = failed


def _replaces_unhealthy(group: FakeAutoScalingGroup) -> bool:
    return not (
        processes.is_suspended(group, "ReplaceUnhealthy")
        or processes.is_suspended(group, "Terminate")
    )


def _match_capacity(group: FakeAutoScalingGroup, replaced: Replacing, now: float) -> None:
    present = members.counted(group)
    missing = (group.desired_capacity or 0) + replaced.extra - len(present)
    if missing > 0 and not processes.is_suspended(group, "Launch"):
        launching.launch(group, missing, now, replaced.leaving)
    elif missing < 0 and not processes.is_suspended(group, "Terminate"):
        _scale_in(group, present, -missing, now)
    elif missing == 0:
        notes_of(group).capacity_cause = ""
        if replaced.leaving:
            return
        if lifetime.replace_oldest(group, now):
            return
        if not processes.is_suspended(group, "AZRebalance"):
            _rebalance_zones(group, present, now)


def _scale_in(group: FakeAutoScalingGroup, present: list[Member], surplus: int, now: float) -> None:
    if notes_of(group).is_rebalancing and any(member.is_pending for member in present):
        return  # the new one serves first, then an old one goes
    notes_of(group).is_rebalancing = False
    by_age = sorted(present, key=lambda member: member.instance.launch_time)
    candidates = [
        placement.Candidate(
            instance_id=member.instance_id,
            availability_zone=member.zone,
            age_rank=rank,
            source=members.source_age(group, member),
            seconds_to_next_hour=_seconds_to_next_hour(member, now),
            has_first_type=members.has_first_type(group, member),
            protected_from_scale_in=bool(member.protected_from_scale_in),
        )
        for rank, member in enumerate(by_age)
    ]
    chosen = placement.choose_for_scale_in(
        candidates, members.zones(group), surplus, group.termination_policies
    )
    if not chosen:
        _note_protection(group)
        return
    cause = causes.scaling_in(notes_of(group).capacity_cause, len(present), chosen)
    for member in present:
        if member.instance_id in chosen:
            terminating.begin(group, member, cause)


def _note_protection(group: FakeAutoScalingGroup) -> None:
    """An activity says once that a scale-in found protected instances only. The words are the User
    Guide's ("Use instance scale-in protection"), its cause and status as users quoted them."""
    notes = notes_of(group)
    if notes.capacity_cause:
        cause = f"{notes.capacity_cause}  {scaling_activities.at('group reached equilibrium.')}"
        begin_activity(group, _ALL_PROTECTED, cause, "", None).cancel()
        notes.capacity_cause = ""


def _seconds_to_next_hour(member: Member, now: float) -> float:
    """Until another hour of the instance is billed."""
    launched_at = member.instance.launch_time.replace(tzinfo=UTC).timestamp()
    return _HOUR_SECONDS - (now - launched_at) % _HOUR_SECONDS


def _rebalance_zones(group: FakeAutoScalingGroup, present: list[Member], now: float) -> None:
    """Launch one more into an emptier zone; the surplus then leaves the fullest one."""
    if len(members.in_service(group)) < len(present):
        return
    zones, occupied = members.zones(group), [member.zone for member in present]
    zone = placement.zone_to_fill(zones, occupied)
    if zone is None or processes.is_suspended(group, "Launch"):
        return
    if not launching.may_balance(group, zone, now):
        return
    if launching.launch_into(group, zone, causes.balancing(zones, occupied), now):
        notes_of(group).is_rebalancing = True
        notes_of(group).capacity_cause = causes.balanced(zones)
