"""A group's instances, from launch to end; members.py has the state of one.

placement.py               which zone, which instance: pure decisions
mixed_instances_policy.py  which instance type
launching.py               from the template's exact version, spread over the zones
entering.py                into service, past the lifecycle hooks
registration.py            in the group's target groups
health.py                  which check a member fails
lifetime.py                which members are past the maximum instance lifetime
terminating.py             out of the target groups, drained, past the hooks, then terminated
instance_refresh.py        all of them replaced, a few at a time: its start, end and rollback
refresh_steps.py           its next step: pure decisions
refreshing.py              executes its steps
replacing.py               which member goes now, within the bounds of how many serve
group_deletion.py          a group with all of them
target_lifecycle_state.py  the state that an instance's metadata shows
"""
