"""EC2 Auto Scaling as AWS has it, where moto differs.

The API: calls only state what is wanted.
    groups.py                groups
    group_instances.py       single instances of a group
    instance_refresh_api.py  instance refreshes
    lifecycle_hooks_api.py   lifecycle hooks and what waits for them
    scheduled_actions_api.py scheduled actions
    responses.py             requests that moto does not answer, or does not read in full
    refused.py               what is refused by name

The reconciler: makes each group so, a step at a time.
    reconciler.py            which step is next
    health.py                which check a member fails
    launching.py             from the template's exact version, spread over the zones
    entering.py              into service, past the lifecycle hooks
    terminating.py           out of the target groups, drained, past the hooks, then terminated
    registration.py          members in their target groups
    instance_refresh.py      replaces all members, a few at a time
    scheduled_actions.py     new sizes when a scheduled action is due
    placement.py             which zone, which instance: pure decisions
    lifecycle_hooks.py       how long a hook is awaited, and how it ends: pure decisions
    mixed_instances_policy.py  which instance type
    sizes.py                 minimum, maximum and desired capacity
    members.py               what is known of an instance in a group
    group_notes.py           what is known of a group beyond moto's state
    scheduled_action.py      one of its scheduled actions
    target_lifecycle_state.py  what instance metadata tells of it
    scaling_activities.py    what was done and why, in AWS's words

CloudFormation's rolling update.
    rolling_update.py        carries it out, batch by batch
    rolling_update_plan.py   the policy and the choice of a batch: pure decisions
"""

from __future__ import annotations

from local_aws.control_plane.auto_scaling import (
    group_instances,
    groups,
    instance_refresh_api,
    lifecycle_hooks_api,
    refused,
    responses,
    scheduled_actions_api,
)


def install() -> None:
    """Install the corrections of EC2 Auto Scaling into moto."""
    for corrections in (
        groups,
        group_instances,
        instance_refresh_api,
        lifecycle_hooks_api,
        scheduled_actions_api,
        responses,
        refused,
    ):
        corrections.install()
