"""VPC endpoints: routes, interfaces and security groups are those of what they are associated with.

moto lists an endpoint that was deleted, gives its interfaces addresses of no subnet, fails to
delete one whose route table is gone, and changes associations in name only.
Source: API_CreateVpcEndpoint, API_ModifyVpcEndpoint, API_DeleteVpcEndpoints and API_VpcEndpoint in
the EC2 API Reference; "Gateway endpoints" in the AWS PrivateLink Guide; EC2's words as users
reported them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidVpcEndPointIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import managed_interfaces

_GATEWAY = "Gateway"
_INTERFACE = "Interface"

_moto_create = EC2Backend.create_vpc_endpoint
_moto_modify = EC2Backend.modify_vpc_endpoint
_moto_delete_route_table = EC2Backend.delete_route_table


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        create_vpc_endpoint=_create,
        modify_vpc_endpoint=_modify,
        delete_vpc_endpoints=_delete,
        delete_route_table=_delete_route_table,
    )
    moto_seams.replace(EC2Response, delete_vpc_endpoints=_answer_delete)
    moto_seams.replace(InvalidVpcEndPointIdError, __init__=_not_found)
    moto_seams.add(VPCEndPoint, requester_managed=False)


def associate(
    backend: EC2Backend,
    endpoint: VPCEndPoint,
    *,
    route_tables: Iterable[str],
    subnets: Iterable[str],
    groups: Iterable[str],
) -> None:
    """Converge the endpoint's associations to the resources with these ids.

    The service's prefix list has a route in each of the tables. Each subnet has an interface, in
    the groups, or in the VPC's default group when there are none. Raises EC2ClientError for what
    does not exist, before anything changes.
    """
    tables, subnet_ids = _each_once(route_tables), _each_once(subnets)
    for table_id in tables:
        backend.get_route_table(table_id)
    for subnet_id in subnet_ids:
        backend.get_subnet(subnet_id)
    group_ids = _each_once(groups)
    for group_id in group_ids:
        _require_group(backend, group_id)
    if endpoint.vpc_endpoint_type == _INTERFACE and not group_ids:
        default: Any = backend.get_default_security_group(endpoint.vpc_id)
        group_ids = [default.id]
    _route(backend, endpoint, tables)
    endpoint.security_group_ids = group_ids
    endpoint.subnet_ids = subnet_ids
    _connect(backend, endpoint)


def _create(
    self: EC2Backend,
    vpc_id: str,
    service_name: str,
    endpoint_type: str | None,
    policy_document: str | None,
    route_table_ids: list[str],
    subnet_ids: list[str] | None = None,
    security_group_ids: list[str] | None = None,
    private_dns_enabled: bool | None = None,
    **others: Any,
) -> VPCEndPoint:
    kind = endpoint_type or _GATEWAY
    endpoint: VPCEndPoint = _moto_create(
        self,
        vpc_id,
        service_name,
        kind,
        policy_document,
        route_table_ids=[],
        subnet_ids=[],
        private_dns_enabled=bool(private_dns_enabled) and kind == _INTERFACE,
        **others,
    )
    try:
        associate(
            self,
            endpoint,
            route_tables=route_table_ids,
            subnets=subnet_ids or [],
            groups=security_group_ids or [],
        )
    except EC2ClientError:
        del self.vpc_end_points[endpoint.id]
        raise
    return endpoint


def _modify(
    self: EC2Backend,
    vpc_id: str,
    policy_doc: str,
    add_subnets: list[str] | None,
    remove_subnets: list[str] | None,
    remove_route_tables: list[str] | None,
    add_route_tables: list[str] | None,
    add_security_groups: list[str] | None,
    remove_security_groups: list[str] | None,
) -> None:
    """`vpc_id` is moto's name for the endpoint's id."""
    [endpoint] = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])
    associate(
        self,
        endpoint,
        route_tables=_changed(endpoint.route_table_ids, add_route_tables, remove_route_tables),
        subnets=_changed(endpoint.subnet_ids or [], add_subnets, remove_subnets),
        groups=_changed(endpoint.security_group_ids, add_security_groups, remove_security_groups),
    )
    _moto_modify(self, vpc_id, policy_doc, None, None, None, None, None, None)


def _delete(self: EC2Backend, vpce_ids: list[str] | None = None) -> None:
    for endpoint_id in vpce_ids or []:
        if endpoint_id in self.vpc_end_points:
            endpoint = self.vpc_end_points.pop(endpoint_id)
            associate(self, endpoint, route_tables=(), subnets=(), groups=())


def _answer_delete(self: EC2Response) -> ActionResult:
    """AWS: "Information about the VPC endpoints that were not successfully deleted"."""
    wanted = self._get_param("VpcEndpointIds", [])
    missing = [each for each in wanted if each not in self.ec2_backend.vpc_end_points]
    self.ec2_backend.delete_vpc_endpoints(vpce_ids=wanted)
    return ActionResult({"Unsuccessful": [_unsuccessful(each) for each in missing]})


def _unsuccessful(endpoint_id: str) -> dict[str, Any]:
    error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": _no_endpoint(endpoint_id)}
    return {"ResourceId": endpoint_id, "Error": error}


def _delete_route_table(self: EC2Backend, route_table_id: str) -> None:
    """AWS deletes a table that an endpoint has a route in, which ends their association."""
    _moto_delete_route_table(self, route_table_id)
    for endpoint in self.vpc_end_points.values():
        if route_table_id in endpoint.route_table_ids:
            endpoint.route_table_ids.remove(route_table_id)


def _route(backend: EC2Backend, endpoint: VPCEndPoint, table_ids: list[str]) -> None:
    destination = endpoint.destination_prefix_list_id
    if destination:
        for table_id in set(endpoint.route_table_ids) - set(table_ids):
            backend.delete_route(table_id, "", destination_prefix_list_id=destination)
        for table_id in set(table_ids) - set(endpoint.route_table_ids):
            backend.create_route(
                table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=destination
            )
    endpoint.route_table_ids = table_ids


def _connect(backend: EC2Backend, endpoint: VPCEndPoint) -> None:
    """An interface in each of the endpoint's subnets, and in no other."""
    purpose = managed_interfaces.Purpose(
        f"VPC Endpoint Interface {endpoint.id}", interface_type="vpc_endpoint"
    )
    held = managed_interfaces.converge(
        backend, purpose, endpoint.subnet_ids or [], endpoint.security_group_ids
    )
    endpoint.network_interface_ids = [each.id for each in held]


def _require_group(backend: EC2Backend, group_id: str) -> None:
    if not backend.get_security_group_from_id(group_id):
        raise EC2ClientError(
            "InvalidGroup.NotFound", f"The security group '{group_id}' does not exist"
        )


def _changed(held: list[str], added: list[str] | None, removed: list[str] | None) -> list[str]:
    return [each for each in (*held, *(added or ())) if each not in (removed or ())]


def _each_once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _not_found(self: InvalidVpcEndPointIdError, endpoint_id: str) -> None:
    EC2ClientError.__init__(self, "InvalidVpcEndpointId.NotFound", _no_endpoint(endpoint_id))


def _no_endpoint(endpoint_id: str) -> str:
    return f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
