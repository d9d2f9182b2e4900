"""The calls of EC2 Auto Scaling's API. They only state what is wanted; the reconciler does it.

groups.py              groups
group_instances.py     single instances of a group
instance_refreshes.py  instance refreshes
lifecycle_hooks.py     lifecycle hooks and what waits for them
scheduled_actions.py   scheduled actions
responses.py           requests that moto does not answer, or does not read in full
refused.py             what is refused by name
"""
