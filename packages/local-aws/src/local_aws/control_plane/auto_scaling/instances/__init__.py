"""A group's instances, from launch to end; members.py has what is known of one.

placement.py               which zone, which instance: pure decisions
mixed_instances_policy.py  which instance type
launching.py               from the template's exact version, spread over the zones
entering.py                into service, past the lifecycle hooks
registration.py            in the group's target groups
health.py                  which check a member fails
lifetime.py                who has been in service for too long
terminating.py             out of the target groups, drained, past the hooks, then terminated
instance_refresh.py        all of them replaced, a few at a time: how it begins and rolls back
refresh_steps.py           what it does next: pure decisions
refreshing.py              carries it out
replacing.py               who goes now, between the bounds of how many serve
target_lifecycle_state.py  the state that an instance's metadata shows
"""
