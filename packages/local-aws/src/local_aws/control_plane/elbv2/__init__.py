"""Elastic Load Balancing (Application Load Balancers) as AWS has it, where moto differs.

load_balancers.py            an address that answers; names are unique; deletion protection
subnets.py                   a load balancer's subnets, in at least two zones
security_groups.py           a load balancer's security groups
interfaces.py                its network interfaces: one in each subnet
load_balancer_attributes.py  a load balancer's attributes: AWS's defaults and values
listeners.py                 listeners and rules: each one's local port, what is refused by name
listener_attributes.py       a listener's attributes: response headers, names of TLS headers
listener_security.py         what makes a listener HTTPS: default certificate, security policy
certificates.py              the certificates of listeners, in ACM and IAM
rules.py                     their order, priorities, and the default rule
rule_values.py               what rules and listeners say, within AWS's limits
redirects.py                 redirect actions, and where they may lead
rule_conditions.py           conditions of rules, within AWS's limits
transforms.py                transforms of rules: rewritten URLs and hosts
regular_expressions.py       the syntax that both may have
target_groups.py             settings, names, which load balancers use a group
target_group_attributes.py   which attributes a group has, and their values
target_group_defaults.py     the attributes that a new one has
health_check_settings.py     a health check's ranges
targets.py                   registering, draining, and targets whose instance went away
addresses.py                 which addresses can be targets
target_use.py                which registered targets a load balancer uses
target_health.py             DescribeTargetHealth reports what the load balancer sees
tags.py                      how many there may be, and whose
values.py                    numbers, texts and names as AWS checks them
pages.py                     lists in pages
"""

from __future__ import annotations

from local_aws.control_plane.elbv2 import (
    certificates,
    listener_attributes,
    listener_security,
    listeners,
    load_balancer_attributes,
    load_balancers,
    pages,
    rules,
    security_groups,
    subnets,
    tags,
    target_groups,
    target_health,
    targets,
)


def install() -> None:
    """Install the corrections of Elastic Load Balancing into moto."""
    for corrections in (
        load_balancers,
        subnets,
        security_groups,
        load_balancer_attributes,
        listeners,
        listener_attributes,
        listener_security,
        certificates,
        rules,
        target_groups,
        targets,
        target_health,
        tags,
        pages,
    ):
        corrections.install()
