"""What is known of a group beyond moto's state, and decided from it.

notes.py               what moto does not keep
sizes.py               minimum, maximum and desired capacity
cooldown.py            the time after a policy has scaled
processes.py           which of its processes are suspended
lifecycle_hooks.py     how long a hook is awaited, and how it ends: pure decisions
scheduled_action.py    one of its scheduled actions
schedule.py            new sizes when a scheduled action is due
scaling_activities.py  what was done and why, in AWS's words
"""
