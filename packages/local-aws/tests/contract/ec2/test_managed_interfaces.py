"""Network interfaces that services manage: where they are, and that users only look at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of

_OF_EACH_SCHEME = pytest.mark.parametrize(
    ("of_it", "is_public"), [({}, True), ({"Scheme": "internal"}, False)]
)
_LISTENERS = [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}]


def of_elb(ec2: Any, name: str) -> dict[str, dict[str, Any]]:
    """By subnet, the interfaces of the load balancer with this name."""
    found = ec2.describe_network_interfaces(
        Filters=[
            {"Name": "requester-id", "Values": ["amazon-elb"]},
            {"Name": "description", "Values": [f"ELB {name}"]},
        ]
    )["NetworkInterfaces"]
    assert len({each["SubnetId"] for each in found}) == len(found)
    return {each["SubnetId"]: each for each in found}


def public_addresses(held: dict[str, dict[str, Any]]) -> int:
    """How many of the interfaces have one; each of those is another, and the service's own."""
    found = {each["Association"]["PublicIp"] for each in held.values() if "Association" in each}
    for interface in held.values():
        [address] = interface["PrivateIpAddresses"]
        assert address.get("Association") == interface.get("Association")
        if association := interface.get("Association"):
            words = association["PublicIp"].replace(".", "-")
            assert association == {
                "IpOwnerId": "amazon-elb",
                "PublicDnsName": f"ec2-{words}.compute-1.amazonaws.com",
                "PublicIp": association["PublicIp"],
            }
    return len(found)


def groups_of(interface: dict[str, Any]) -> list[str]:
    return [each["GroupId"] for each in interface["Groups"]]


@pytest.fixture
def group_id(ec2: Any, unique_name: str, default_vpc: str) -> Iterator[str]:
    made = ec2.create_security_group(
        GroupName=unique_name, Description="for a load balancer", VpcId=default_vpc
    )
    yield made["GroupId"]
    ec2.delete_security_group(GroupId=made["GroupId"])


@pytest.fixture
def small(ec2: Any, default_vpc: str) -> Iterator[str]:
    """A subnet that has 7 free addresses."""
    made = ec2.create_subnet(
        VpcId=default_vpc, CidrBlock="172.31.255.240/28", AvailabilityZone="us-east-1d"
    )
    subnet_id = made["Subnet"]["SubnetId"]
    used = [ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"] for _ in range(4)]
    yield subnet_id
    for interface in used:
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_subnet(SubnetId=subnet_id)


def test_a_load_balancer_has_an_interface_in_each_of_its_subnets(
    ec2: Any, classic: str, subnets: dict[str, str]
) -> None:
    """EC2 User Guide, "Requester-managed network interfaces"; members as users reported them."""
    held = of_elb(ec2, classic)
    assert held.keys() == set(list(subnets.values())[:2])
    for interface in held.values():
        assert (interface["RequesterManaged"], interface["Status"]) == (True, "in-use")
        assert interface["Attachment"]["InstanceOwnerId"] == "amazon-elb"
        assert interface["Attachment"]["Status"] == "attached"
        assert interface["Attachment"]["AttachmentId"].startswith("eni-attach-")


@_OF_EACH_SCHEME
def test_an_application_load_balancer_of_the_internet_has_a_public_address_in_each_subnet(
    aws: Any,
    ec2: Any,
    unique_name: str,
    subnets: dict[str, str],
    of_it: dict[str, Any],
    is_public: bool,
) -> None:
    """ "Load balancer scheme" in the Application Load Balancers' guide; the
    association's members as users reported them."""
    elbv2 = aws("elbv2")
    made = elbv2.create_load_balancer(Name=unique_name, Subnets=[*subnets.values()][:2], **of_it)
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    held = of_elb(ec2, arn.split(":loadbalancer/")[1])
    assert len(held) == 2
    assert public_addresses(held) == (2 if is_public else 0)
    elbv2.delete_load_balancer(LoadBalancerArn=arn)


@_OF_EACH_SCHEME
def test_a_classic_load_balancer_of_the_internet_has_a_public_address_in_each_subnet(
    aws: Any,
    ec2: Any,
    unique_name: str,
    subnets: dict[str, str],
    of_it: dict[str, Any],
    is_public: bool,
) -> None:
    """ "Internet-facing Classic Load Balancers" in the Classic Load Balancers' guide; the
    association's members as users reported them."""
    elb, first, second = aws("elb"), *[*subnets.values()][:2]
    call = {"LoadBalancerName": unique_name, "Listeners": _LISTENERS, **of_it}
    elb.create_load_balancer(**call, Subnets=[first])
    before = of_elb(ec2, unique_name)
    assert public_addresses(before) == is_public
    elb.attach_load_balancer_to_subnets(LoadBalancerName=unique_name, Subnets=[second])
    held = of_elb(ec2, unique_name)
    assert public_addresses(held) == (2 if is_public else 0)
    assert held[first].get("Association") == before[first].get("Association")
    elb.delete_load_balancer(LoadBalancerName=unique_name)


def test_the_interfaces_of_a_classic_load_balancer_follow_it(
    aws: Any, ec2: Any, unique_name: str, subnets: dict[str, str], group_id: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_AttachLoadBalancerToSubnets.html
    and API_ApplySecurityGroupsToLoadBalancer.html: it is there, in these groups."""
    elb, of_it = aws("elb"), {"LoadBalancerName": unique_name}
    first, second, third = subnets.values()
    elb.create_load_balancer(**of_it, Listeners=_LISTENERS, AvailabilityZones=["us-east-1a"])
    assert of_elb(ec2, unique_name).keys() == {first}

    elb.attach_load_balancer_to_subnets(**of_it, Subnets=[second])
    elb.enable_availability_zones_for_load_balancer(**of_it, AvailabilityZones=["us-east-1c"])
    kept = of_elb(ec2, unique_name)[second]["NetworkInterfaceId"]
    elb.detach_load_balancer_from_subnets(**of_it, Subnets=[first])
    elb.apply_security_groups_to_load_balancer(**of_it, SecurityGroups=[group_id])

    held = of_elb(ec2, unique_name)
    assert held.keys() == {second, third}
    assert held[second]["NetworkInterfaceId"] == kept
    assert [groups_of(each) for each in held.values()] == [[group_id]] * 2
    elb.delete_load_balancer(**of_it)
    assert not of_elb(ec2, unique_name)


def test_the_interfaces_of_an_application_load_balancer_follow_it(
    aws: Any, ec2: Any, unique_name: str, subnets: dict[str, str], group_id: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html and
    API_SetSecurityGroups.html: it is there, in these groups."""
    elbv2 = aws("elbv2")
    first, second, third = subnets.values()
    made = elbv2.create_load_balancer(Name=unique_name, Subnets=[first, second])
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    name = arn.split(":loadbalancer/")[1]
    assert of_elb(ec2, name).keys() == {first, second}

    elbv2.set_subnets(LoadBalancerArn=arn, Subnets=[second, third])
    elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[group_id])

    held = of_elb(ec2, name)
    assert held.keys() == {second, third}
    assert [groups_of(each) for each in held.values()] == [[group_id]] * 2
    elbv2.delete_load_balancer(LoadBalancerArn=arn)
    assert not of_elb(ec2, name)


def test_a_load_balancer_needs_8_free_addresses_in_each_subnet(
    aws: Any, classic: str, unique_name: str, subnets: dict[str, str], small: str
) -> None:
    """ "Subnets for your load balancer" in the Application Load Balancers' guide, "Prepare your VPC
    and EC2 instances" in the Classic Load Balancers' one; the words as users reported them."""
    elb, elbv2 = aws("elb"), aws("elbv2")
    words = "ELB requires at least 8 free IP addresses in each subnet."
    refused = ("InvalidSubnet", f"Not enough IP space available in {small}. {words}")
    large, other, _ = subnets.values()
    place = {"Subnets": [large, small]}
    made = elbv2.create_load_balancer(Name=unique_name, Subnets=[large, other])
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    new = {"LoadBalancerName": f"{unique_name}-small", "Listeners": _LISTENERS}
    attach = elb.attach_load_balancer_to_subnets
    assert error_of(elb.create_load_balancer, **new, **place) == refused
    assert error_of(attach, LoadBalancerName=classic, Subnets=[small]) == refused
    assert error_of(elbv2.create_load_balancer, Name=f"{unique_name}-small", **place) == refused
    assert error_of(elbv2.set_subnets, LoadBalancerArn=arn, **place) == refused
    elbv2.delete_load_balancer(LoadBalancerArn=arn)


def test_a_nat_gateway_has_one(ec2: Any, subnets: dict[str, str]) -> None:
    """API_CreateNatGateway: "creates a network interface in the specified subnet"; EC2 User Guide,
    "Requester-managed network interfaces"; the words as users reported them."""
    made = ec2.create_nat_gateway(SubnetId=subnets["us-east-1a"], ConnectivityType="private")[
        "NatGateway"
    ]
    [interface] = ec2.describe_network_interfaces(
        Filters=[
            {"Name": "description", "Values": [f"Interface for NAT Gateway {made['NatGatewayId']}"]}
        ]
    )["NetworkInterfaces"]
    assert (interface["InterfaceType"], interface["RequesterManaged"]) == ("nat_gateway", True)
    assert (interface["SourceDestCheck"], interface["Status"]) == (False, "in-use")
    attachment_id = interface["Attachment"]["AttachmentId"]
    assert error_of(ec2.detach_network_interface, AttachmentId=attachment_id) == (
        "OperationNotPermitted",
        "You are not allowed to manage 'ela-attach' attachments.",
    )
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])


def test_users_only_look_at_them(ec2: Any, classic: str) -> None:
    """EC2 User Guide, "Requester-managed network interfaces": tags can be changed, other properties
    not; the words as users reported them."""
    interface, *_ = of_elb(ec2, classic).values()
    of_it = {"NetworkInterfaceId": interface["NetworkInterfaceId"]}
    denied = ("AuthFailure", "You do not have permission to access the specified resource.")

    assert error_of(ec2.delete_network_interface, **of_it) == (
        "InvalidParameterValue",
        f"Network interface '{interface['NetworkInterfaceId']}' is currently in use.",
    )
    attachment_id = interface["Attachment"]["AttachmentId"]
    assert error_of(ec2.detach_network_interface, AttachmentId=attachment_id) == denied
    change = {"Description": {"Value": "mine"}}
    assert error_of(ec2.modify_network_interface_attribute, **of_it, **change) == denied
    count = {"SecondaryPrivateIpAddressCount": 1}
    assert error_of(ec2.assign_private_ip_addresses, **of_it, **count) == denied
    ec2.create_tags(Resources=[interface["NetworkInterfaceId"]], Tags=[{"Key": "a", "Value": "b"}])
    [shown] = [each for each in of_elb(ec2, classic).values() if each["TagSet"]]
    assert shown["NetworkInterfaceId"] == interface["NetworkInterfaceId"]
