"""Scaling by policies: what CloudWatch's alarms make a group do, and the metrics of groups.

adjustments.py      the capacity that each kind of policy leads to: pure decisions
policies.py         the policies of a region, and the parts of one that moto does not keep
execution.py        execute a policy, for a client or for an alarm
target_tracking.py  the alarms of a policy that tracks a target
group_metrics.py    AWS/AutoScaling's metrics of groups
"""
