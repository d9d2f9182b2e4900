"""CloudFormation's updates of a group's instances: all of them replaced, batch by batch.

rollout.py   executes a rolling update
plan.py      its policy and the choice of a batch: pure decisions
refresh.py   executes an instance refresh
presence.py  whether the group is still there, and of which size
"""
