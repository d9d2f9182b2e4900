"""A group's state beyond moto's, and decisions from it.

notes.py               the state that moto does not keep
settings.py            settings that moto lacks
sizes.py               minimum, maximum and desired capacity
healthy_percentages.py how many serve at least, and exist at most, while some are replaced
refresh_preferences.py the preferences of an instance refresh
instance_refreshes.py  what is known of each, and what the group launches from meanwhile
cooldown.py            the time after a policy has scaled
processes.py           which of its processes are suspended
lifecycle_hooks.py     how long a hook is awaited, and how it ends: pure decisions
scheduled_action.py    one of its scheduled actions
schedule.py            new sizes when a scheduled action is due
scaling_activities.py  what was done, and how far it is
causes.py              why it was done, in AWS's words
pending_deletion.py    what a group refuses until it is gone
deleted_groups.py      the activities of groups that are deleted
"""
