"""VPC endpoints: their routes, interfaces and security groups, and their end."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from refusals import error_of

RANGES = ("10.83.1.0/24", "10.83.2.0/24")
S3 = "com.amazonaws.us-east-1.s3"
EC2 = "com.amazonaws.us-east-1.ec2"


@pytest.fixture
def vpc_id(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.83.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def subnet_ids(ec2: Any, vpc_id: str) -> list[str]:
    made = [ec2.create_subnet(VpcId=vpc_id, CidrBlock=each)["Subnet"] for each in RANGES]
    return [str(subnet["SubnetId"]) for subnet in made]


def new_table(ec2: Any, vpc_id: str) -> str:
    return str(ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"])


def created(ec2: Any, vpc_id: str, service: str = S3, **members: Any) -> dict[str, Any]:
    made = ec2.create_vpc_endpoint(VpcId=vpc_id, ServiceName=service, **members)
    return described(ec2, made["VpcEndpoint"]["VpcEndpointId"])


def described(ec2: Any, endpoint_id: str) -> dict[str, Any]:
    [endpoint] = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
    return dict(endpoint)


def gateways(ec2: Any, table_id: str) -> list[str]:
    """Of the routes to prefix lists."""
    [table] = ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"]
    return [each["GatewayId"] for each in table["Routes"] if "DestinationPrefixListId" in each]


def interfaces(ec2: Any, endpoint: dict[str, Any]) -> list[dict[str, Any]]:
    ids = endpoint["NetworkInterfaceIds"]
    return list(ec2.describe_network_interfaces(NetworkInterfaceIds=ids)["NetworkInterfaces"])


def test_an_endpoint_is_a_gateways_unless_another_type_is_given(ec2: Any, vpc_id: str) -> None:
    """API_CreateVpcEndpoint: VpcEndpointType: "Default: Gateway"; PrivateDnsEnabled is of interface
    endpoints; API_VpcEndpoint: "Indicates whether the endpoint is being managed by its service"."""
    endpoint = created(ec2, vpc_id)
    assert (endpoint["VpcEndpointType"], endpoint["State"]) == ("Gateway", "available")
    assert (endpoint["RequesterManaged"], endpoint["PrivateDnsEnabled"]) == (False, False)


def test_a_gateway_endpoint_has_a_route_in_each_of_its_tables(ec2: Any, vpc_id: str) -> None:
    """API_ModifyVpcEndpoint: AddRouteTableIds: "The IDs of the route tables to associate with the
    endpoint"; "Gateway endpoints" in the AWS PrivateLink Guide: "we automatically add a route"."""
    first, second = new_table(ec2, vpc_id), new_table(ec2, vpc_id)
    endpoint_id = created(ec2, vpc_id, RouteTableIds=[first])["VpcEndpointId"]
    assert (gateways(ec2, first), gateways(ec2, second)) == ([endpoint_id], [])

    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint_id, AddRouteTableIds=[second], RemoveRouteTableIds=[first]
    )
    assert (gateways(ec2, first), gateways(ec2, second)) == ([], [endpoint_id])
    assert described(ec2, endpoint_id)["RouteTableIds"] == [second]


def test_a_deleted_endpoint_is_gone_with_its_routes(ec2: Any, vpc_id: str) -> None:
    """API_DeleteVpcEndpoints: "When you delete a gateway endpoint, the endpoint routes in your
    route tables are deleted"; Unsuccessful has those that were not deleted, as users reported."""
    table_id = new_table(ec2, vpc_id)
    endpoint_id = created(ec2, vpc_id, RouteTableIds=[table_id])["VpcEndpointId"]

    assert not ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id]).get("Unsuccessful")
    assert gateways(ec2, table_id) == []
    code, message = error_of(ec2.describe_vpc_endpoints, VpcEndpointIds=[endpoint_id])
    assert code == "InvalidVpcEndpointId.NotFound"
    assert message == f"The Vpc Endpoint Id '{endpoint_id}' does not exist"

    [again] = ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])["Unsuccessful"]
    assert (again["ResourceId"], again["Error"]["Code"]) == (
        endpoint_id,
        "InvalidVpcEndpoint.NotFound",
    )


def test_a_route_table_can_go_before_its_endpoint(ec2: Any, vpc_id: str) -> None:
    """amazon.aws's integration target ec2_vpc_endpoint deletes them in this order on AWS."""
    table_id = new_table(ec2, vpc_id)
    endpoint_id = created(ec2, vpc_id, RouteTableIds=[table_id])["VpcEndpointId"]

    ec2.delete_route_table(RouteTableId=table_id)

    assert described(ec2, endpoint_id)["RouteTableIds"] == []
    assert not ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id]).get("Unsuccessful")


def test_an_interface_endpoint_has_an_interface_in_each_of_its_subnets(
    ec2: Any, vpc_id: str, subnet_ids: list[str]
) -> None:
    """API_CreateVpcEndpoint: "An interface endpoint [...] creates a network interface in each
    subnet"; SecurityGroupIds: "If this parameter is not specified, we use the default security
    group for the VPC"."""
    first, second = subnet_ids
    endpoint = created(ec2, vpc_id, EC2, VpcEndpointType="Interface", SubnetIds=[first])
    assert [each["GroupName"] for each in endpoint["Groups"]] == ["default"]
    [interface] = interfaces(ec2, endpoint)
    assert ip_address(interface["PrivateIpAddress"]) in ip_network(RANGES[0])
    assert (interface["SubnetId"], interface["Groups"]) == (first, endpoint["Groups"])
    assert (interface["InterfaceType"], interface["RequesterManaged"]) == ("vpc_endpoint", True)
    assert interface["Description"] == f"VPC Endpoint Interface {endpoint['VpcEndpointId']}"

    group_id = ec2.create_security_group(GroupName="own", Description="own", VpcId=vpc_id)[
        "GroupId"
    ]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"],
        AddSubnetIds=[second],
        RemoveSubnetIds=[first],
        AddSecurityGroupIds=[group_id],
        RemoveSecurityGroupIds=[endpoint["Groups"][0]["GroupId"]],
    )
    moved = described(ec2, endpoint["VpcEndpointId"])
    assert (moved["SubnetIds"], [each["GroupId"] for each in moved["Groups"]]) == (
        [second],
        [group_id],
    )
    [other] = interfaces(ec2, moved)
    assert ip_address(other["PrivateIpAddress"]) in ip_network(RANGES[1])
    assert [each["GroupId"] for each in other["Groups"]] == [group_id]

    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    for subnet_id in subnet_ids:
        ec2.delete_subnet(SubnetId=subnet_id)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"RouteTableIds": ["rtb-0123456789abcdef0"]}, "InvalidRouteTableID.NotFound"),
        ({"SubnetIds": ["subnet-0123456789abcdef0"]}, "InvalidSubnetID.NotFound"),
        ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
    ],
    ids=["table", "subnet", "group"],
)
def test_an_endpoint_of_what_does_not_exist_is_not_created(
    ec2: Any, vpc_id: str, members: dict[str, Any], code: str
) -> None:
    """ "Error codes for the Amazon EC2 API"; nothing is left of what was refused."""
    kind = "Gateway" if "RouteTableIds" in members else "Interface"
    refused, _ = error_of(
        ec2.create_vpc_endpoint, VpcId=vpc_id, ServiceName=EC2, VpcEndpointType=kind, **members
    )
    assert refused == code
    of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
    assert ec2.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"] == []
