"""A route table has one route to each destination, whatever it leads to.

Source: API_CreateRoute in the EC2 API Reference; EC2's words as users reported them.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError, RouteAlreadyExistsError
from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route

from local_aws.control_plane import moto_seams

_moto_create = EC2Backend.create_route


def install() -> None:
    moto_seams.replace(EC2Backend, create_route=_create)
    moto_seams.replace(RouteAlreadyExistsError, __init__=_exists)


def _create(
    self: EC2Backend,
    route_table_id: str,
    destination_cidr_block: str | None,
    destination_ipv6_cidr_block: str | None = None,
    *more: Any,
    **named: Any,
) -> Route:
    destination = destination_cidr_block or destination_ipv6_cidr_block
    for route in self.get_route_table(route_table_id).routes:
        taken = (route.destination_cidr_block, route.destination_ipv6_cidr_block)
        if destination and destination in taken:
            raise RouteAlreadyExistsError(destination)
    created: Route = _moto_create(
        self, route_table_id, destination_cidr_block, destination_ipv6_cidr_block, *more, **named
    )
    return created


def _exists(self: RouteAlreadyExistsError, cidr: str) -> None:
    EC2ClientError.__init__(
        self, "RouteAlreadyExists", f"The route identified by {cidr} already exists."
    )
