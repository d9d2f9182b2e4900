"""The calls of EC2 Auto Scaling's API. They only state what is wanted; the reconciler does it.

groups.py                 groups
group_requests.py         what requests about them say
processes.py              suspended processes
group_references.py       what a group refers to must be there
traffic_sources.py        target groups and load balancers under one name
tags.py                   tags of groups, and filters by them
group_instances.py        single instances of a group
standby.py                instances out of service
instance_refreshes.py     instance refreshes
launch_configurations.py  launch configurations
lifecycle_hooks.py        lifecycle hooks and what waits for them
metrics_collection.py     which metrics of a group are collected
scaling_policies.py       scaling policies
scheduled_actions.py      scheduled actions
activities.py             scaling activities
catalogues.py             what there is of types, processes and metrics
pages.py                  lists in pages
refused.py                what is refused by name
batch_sizes.py            how many things one request names
group_quotas.py           how many things one group has
changes.py                no change of a group that is being deleted
"""
