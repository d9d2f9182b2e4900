"""Make each Auto Scaling group so as it should be: level-triggered, a step at a time.

API calls and the data plane change what is; this looks at what is and does the next thing. Source:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html
"""

from __future__ import annotations

import time

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState, autoscaling_backends

from local_aws.control_plane import data_plane
from local_aws.control_plane.auto_scaling import (
    health,
    launching,
    members,
    placement,
    registration,
    scaling_activities,
    terminating,
)
from local_aws.facts import Facts


def reconcile(facts: Facts, now: float) -> None:
    """Bring every group nearer to its desired state.

    Call it under LOCK, each 100 ms. It does nothing where nothing is to be done, and its cost is
    linear in the number of instances. `now` is seconds since the epoch.
    """
    for _, _, backend in autoscaling_backends.iter_backends():
        for group in list(backend.autoscaling_groups.values()):
            _reconcile_group(group, facts, now)


def reconcile_group(group: FakeAutoScalingGroup) -> None:
    """Act on an API call at once instead of at the next turn."""
    _reconcile_group(group, data_plane.facts(), time.time())


def _reconcile_group(group: FakeAutoScalingGroup, facts: Facts, now: float) -> None:
    for state in list(group.instance_states):
        _advance_member(group, state, facts, now)
    _match_capacity(group, now)
    for state in list(group.instance_states):
        # What was launched or taken out of service just now has its first step at once.
        _advance_member(group, state, facts, now)


def _advance_member(
    group: FakeAutoScalingGroup, state: InstanceState, facts: Facts, now: float
) -> None:
    if state.lifecycle_state == "Terminating":
        terminating.advance(group, state, now)
        return
    if not members.is_suspended(group, "HealthCheck"):
        _check_health(group, state, facts, now)
    if state.health_status == "Unhealthy" and _replaces_unhealthy(group):
        group.replacements_owed += 1
        terminating.begin(group, state, scaling_activities.at(state.failed_check), now)
    elif state.lifecycle_state == "Pending" and state.instance.state == "running":
        state.lifecycle_state = "InService"
        state.in_service_since = now
        state.activity.succeed()
        state.activity = None
    if state.lifecycle_state == "InService" and not members.is_suspended(
        group, "AddToLoadBalancer"
    ):
        registration.register(group, state)
    elif state.lifecycle_state == "Standby" and state.registered_target_groups:
        registration.deregister(group, state)


def _check_health(
    group: FakeAutoScalingGroup, state: InstanceState, facts: Facts, now: float
) -> None:
    failed = health.failed_check(group, state, facts, now)
    if failed and state.health_status == "Healthy":
        state.health_status = "Unhealthy"
        state.failed_check = failed


def _replaces_unhealthy(group: FakeAutoScalingGroup) -> bool:
    return not (
        members.is_suspended(group, "ReplaceUnhealthy") or members.is_suspended(group, "Terminate")
    )


def _match_capacity(group: FakeAutoScalingGroup, now: float) -> None:
    present = members.counted(group)
    missing = (group.desired_capacity or 0) - len(present)
    if missing > 0 and not members.is_suspended(group, "Launch"):
        launching.launch(group, missing, now)
    elif missing < 0 and not members.is_suspended(group, "Terminate"):
        _scale_in(group, present, -missing, now)
    elif missing == 0 and not members.is_suspended(group, "AZRebalance"):
        _rebalance_zones(group, present, now)


def _scale_in(
    group: FakeAutoScalingGroup, present: list[InstanceState], surplus: int, now: float
) -> None:
    if group.is_rebalancing and any(state.lifecycle_state == "Pending" for state in present):
        return  # the new one serves first, then an old one goes
    group.is_rebalancing = False
    by_age = sorted(present, key=lambda state: state.instance.launch_time)
    candidates = [
        placement.Member(
            instance_id=state.instance_id,
            availability_zone=state.availability_zone,
            age_rank=rank,
            has_current_template=members.is_current(group, state),
            protected_from_scale_in=bool(state.protected_from_scale_in),
        )
        for rank, state in enumerate(by_age)
    ]
    chosen = placement.choose_for_scale_in(candidates, members.zones(group), surplus)
    for state in present:
        if state.instance_id in chosen:
            terminating.begin(group, state, _scale_in_cause(group, state), now)


def _scale_in_cause(group: FakeAutoScalingGroup, state: InstanceState) -> str:
    actual = len(members.counted(group))
    difference = scaling_activities.at(
        "an instance was taken out of service in response to a difference between desired and "
        f"actual capacity, shrinking the capacity from {actual} to {actual - 1}."
    )
    selected = scaling_activities.at(f"instance {state.instance_id} was selected for termination.")
    return f"{group.capacity_cause}  {difference}  {selected}".strip()


def _rebalance_zones(
    group: FakeAutoScalingGroup, present: list[InstanceState], now: float
) -> None:
    """Launch one more into an emptier zone; the surplus then leaves the fullest one."""
    if now < group.launch_retry_at or len(members.in_service(group)) < len(present):
        return
    zone = placement.zone_to_fill(
        members.zones(group), [state.availability_zone for state in present]
    )
    if zone is None or members.is_suspended(group, "Launch"):
        return
    cause = scaling_activities.at(
        f"instances were launched to balance instances in zones {' '.join(members.zones(group))} "
        "with other zones."
    )
    group.is_rebalancing = launching.launch_into(group, zone, cause, now)
