"""Classic Load Balancers as AWS has them, where moto differs. None carries traffic.

missing.py      load balancers that do not exist
creation.py     what a new one has: its place, its health check
attributes.py   their defaults and values, and what a change leaves
listeners.py    the protocol of instances; several listeners deleted at once
policies.py     stickiness, proxy protocol: which listeners and instance ports have them
subnets.py      the zones follow the subnets, and the subnets the zones
interfaces.py   one in each subnet
security_groups.py   the one it has when it is given none; where its requests come from
instances.py    who is registered
health.py       who of them is in service
pages.py        lists in pages
account_limits.py   how many there may be
"""

from __future__ import annotations

from local_aws.control_plane.elb import (
    account_limits,
    attributes,
    creation,
    health,
    instances,
    interfaces,
    listeners,
    missing,
    pages,
    policies,
    security_groups,
    subnets,
)


def install() -> None:
    """Install the corrections of Classic Load Balancers into moto."""
    for corrections in (
        missing,
        creation,
        attributes,
        listeners,
        policies,
        subnets,
        interfaces,
        security_groups,
        instances,
        health,
        pages,
        account_limits,
    ):
        corrections.install()
