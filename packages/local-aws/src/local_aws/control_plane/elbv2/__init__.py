"""Elastic Load Balancing (Application Load Balancers) as AWS has it, where moto differs.

load_balancers.py    an address that answers; names are unique; deletion protection
listeners.py         listeners and rules: the local port of each, and what is refused by name
rule_values.py       what rules and listeners say, within AWS's limits
target_groups.py     attributes, names, which load balancers use a group
health_check_settings.py  a health check's ranges
targets.py           registering, draining, and targets whose instance went away
target_use.py        which registered targets a load balancer uses
target_health.py     DescribeTargetHealth reports what the load balancer sees
values.py            numbers, texts and names as AWS checks them
"""

from __future__ import annotations

from local_aws.control_plane.elbv2 import (
    listeners,
    load_balancers,
    target_groups,
    target_health,
    targets,
)


def install() -> None:
    """Install the corrections of Elastic Load Balancing into moto."""
    for corrections in (
        load_balancers,
        listeners,
        target_groups,
        targets,
        target_health,
    ):
        corrections.install()
