"""Scaling: EC2 Auto Scaling and Application Auto Scaling.

auto_scaling.py              Auto Scaling groups with their update policies
emptied_group.py             what is done with them before they are deleted
auto_scaling_parts.py        lifecycle hooks and scheduled actions of groups
launch_configuration.py      launch configurations
scaling_policy.py            scaling policies
application_auto_scaling.py  scalable targets and policies of other services
"""
