"""Filters of EC2's Describe calls: "Filters" of each call in the EC2 API Reference, API_Filter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

LAUNCH = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}


@pytest.fixture(scope="module")
def instance(aws: Any) -> Iterator[dict[str, Any]]:
    """One of two instances: this one requires tokens, and is called web-1."""
    ec2 = aws("ec2", region="eu-west-3")
    ours = ec2.run_instances(
        MetadataOptions={"HttpTokens": "required"},
        ClientToken="ours",
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web-1"}]}
        ],
        **LAUNCH,
    )["Instances"][0]["InstanceId"]
    other = ec2.run_instances(MetadataOptions={"HttpTokens": "optional"}, **LAUNCH)
    ids = [ours, other["Instances"][0]["InstanceId"]]
    shown: dict[str, Any] = ec2.describe_instances(InstanceIds=[ours])["Reservations"][0]
    yield {**shown["Instances"][0], "ReservationId": shown["ReservationId"]}
    ec2.terminate_instances(InstanceIds=ids)


@pytest.fixture(scope="module")
def nat_gateway(aws: Any) -> Iterator[str]:
    """A private one, without tags."""
    ec2 = aws("ec2", region="eu-west-3")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]
    yield made["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])


def found(aws: Any, *filters: tuple[str, list[str]], **more: Any) -> list[str]:
    wanted = [{"Name": name, "Values": values} for name, values in filters]
    ec2 = aws("ec2", region="eu-west-3")
    pages = ec2.get_paginator("describe_instances").paginate(Filters=wanted, **more)
    return [
        each["InstanceId"]
        for page in pages
        for reservation in page["Reservations"]
        for each in reservation["Instances"]
    ]


def test_a_filter_is_evaluated_on_what_the_answer_shows(aws: Any, instance: dict[str, Any]) -> None:
    interface = instance["NetworkInterfaces"][0]
    values = {
        "block-device-mapping.volume-id": instance["BlockDeviceMappings"][0]["Ebs"]["VolumeId"],
        "instance-state-code": str(instance["State"]["Code"]),
        "metadata-options.http-tokens": "required",
        "network-interface.addresses.private-ip-address": interface["PrivateIpAddress"],
        "network-interface.attachment.attachment-id": interface["Attachment"]["AttachmentId"],
        "network-interface.mac-address": interface["MacAddress"],
        "network-interface.network-interface-id": interface["NetworkInterfaceId"],
        "reservation-id": instance["ReservationId"],
        "root-device-name": instance["RootDeviceName"],
        "tag:Name": "web-1",
    }
    mine = ("instance-id", [instance["InstanceId"]])
    for name, value in values.items():
        assert found(aws, mine, (name, [value])) == [instance["InstanceId"]], name
        assert found(aws, mine, (name, ["none"])) == [], name


def test_one_of_several_values_and_every_filter_must_match(
    aws: Any, instance: dict[str, Any]
) -> None:
    """API_Filter: values are joined by OR, filters by AND; * and ? are wildcards, case counts."""
    tokens = "metadata-options.http-tokens"
    ours = [instance["InstanceId"]]

    assert found(aws, (tokens, ["none", "required"])) == ours
    assert len(found(aws, (tokens, ["opt*", "requir?d"]))) == 2
    assert found(aws, (tokens, ["REQUIRED"])) == []
    assert found(aws, (tokens, ["required"]), ("client-token", ["other"])) == []
    assert found(aws, (tokens, ["required"]), ("tag:Name", ["web-?"])) == ours


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("image-id", "ami-12c6*"),
        ("instance-state-name", "run?ing"),
        ("private-dns-name", "ip-*.internal"),
        ("private-ip-address", "172.*"),
    ],
)
def test_wildcards_are_for_every_filter(
    aws: Any, instance: dict[str, Any], name: str, value: str
) -> None:
    """EC2 User Guide, "Filtering considerations": wildcards in filter values."""
    mine = ("instance-id", [instance["InstanceId"]])
    assert found(aws, mine, (name, [value])) == [instance["InstanceId"]]
    assert found(aws, mine, (name, [f"x{value}"])) == []


@pytest.mark.parametrize(
    ("pattern", "is_found"),
    [(r"a\*b\?c\\", True), ("a*", True), ("a?b?c?", True), (r"a\*", False), (r"a\?*", False)],
)
def test_a_backslash_makes_wildcards_ordinary_characters(
    aws: Any, instance: dict[str, Any], pattern: str, is_found: bool
) -> None:
    """EC2 User Guide, "Filtering considerations": the filter value \\*amazon\\?\\\\ is the literal
    string *amazon?\\."""
    instance_id = instance["InstanceId"]
    tag = {"Key": "odd", "Value": "a*b?c\\"}
    aws("ec2", region="eu-west-3").create_tags(Resources=[instance_id], Tags=[tag])
    assert found(aws, ("tag:odd", [pattern])) == ([instance_id] if is_found else [])


@pytest.mark.usefixtures("instance")
def test_pages_hold_what_the_filter_leaves(aws: Any) -> None:
    """EC2 User Guide, "Pagination": the next page has the same filters."""
    all_of_them = ("metadata-options.http-tokens", ["*"])
    ec2 = aws("ec2", region="eu-west-3")
    more = [ec2.run_instances(**LAUNCH)["Instances"][0]["InstanceId"] for _ in range(4)]

    whole = found(aws, all_of_them)
    assert found(aws, all_of_them, PaginationConfig={"PageSize": 5}) == whole
    wanted = [{"Name": all_of_them[0], "Values": all_of_them[1]}]
    page = ec2.describe_instances(Filters=wanted, MaxResults=5)
    assert (len(page["Reservations"]), len(whole), "NextToken" in page) == (5, 6, True)
    with pytest.raises(ClientError, match="The token 'none' is invalid"):
        ec2.describe_instances(Filters=wanted, NextToken="none")
    ec2.terminate_instances(InstanceIds=more)


@pytest.mark.parametrize(
    ("call", "shown", "name", "member"),
    [
        ("describe_subnets", "Subnets", "map-public-ip-on-launch", "MapPublicIpOnLaunch"),
        ("describe_subnets", "Subnets", "subnet-arn", "SubnetArn"),
        ("describe_network_interfaces", "NetworkInterfaces", "mac-address", "MacAddress"),
        ("describe_network_interfaces", "NetworkInterfaces", "interface-type", "InterfaceType"),
        ("describe_route_tables", "RouteTables", "owner-id", "OwnerId"),
        ("describe_vpcs", "Vpcs", "owner-id", "OwnerId"),
        ("describe_instance_status", "InstanceStatuses", "availability-zone", "AvailabilityZone"),
    ],
)
@pytest.mark.usefixtures("instance")
def test_other_calls_have_their_filters(
    aws: Any, call: str, shown: str, name: str, member: str
) -> None:
    describe = getattr(aws("ec2", region="eu-west-3"), call)
    value = describe()[shown][0][member]
    text = str(value).lower() if isinstance(value, bool) else value
    expected = [each for each in describe()[shown] if each.get(member) == value]

    assert describe(Filters=[{"Name": name, "Values": [text]}])[shown] == expected
    assert describe(Filters=[{"Name": name, "Values": ["none"]}])[shown] == []


@pytest.mark.parametrize(
    ("call", "shown", "parameter"),
    [
        ("describe_nat_gateways", "NatGateways", "Filter"),
        ("describe_network_interfaces", "NetworkInterfaces", "Filters"),
        ("describe_subnets", "Subnets", "Filters"),
        ("describe_vpcs", "Vpcs", "Filters"),
    ],
)
@pytest.mark.parametrize("name", ["tag:team", "tag-key", "tag-value"])
@pytest.mark.usefixtures("nat_gateway")
def test_what_has_no_tags_has_none_that_a_filter_wants(
    aws: Any, call: str, shown: str, parameter: str, name: str
) -> None:
    """API_Filter; moto takes filters of NAT gateways by tags, and lists all of them."""
    describe = getattr(aws("ec2", region="eu-west-3"), call)
    assert describe()[shown]
    assert describe(**{parameter: [{"Name": name, "Values": ["none"]}]})[shown] == []


def test_the_routes_of_a_table(aws: Any) -> None:
    """API_DescribeRouteTables: route.destination-cidr-block, route.origin, association.main."""
    ec2 = aws("ec2", region="eu-west-3")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    of_vpc = {"Name": "vpc-id", "Values": [vpc]}

    def tables(name: str, value: str) -> list[str]:
        filters = [of_vpc, {"Name": name, "Values": [value]}]
        return [
            each["RouteTableId"]
            for each in ec2.describe_route_tables(Filters=filters)["RouteTables"]
        ]

    assert table in tables("route.destination-cidr-block", "10.77.*")
    assert tables("route.destination-cidr-block", "10.78.*") == []
    assert table in tables("route.origin", "CreateRouteTable")
    assert table not in tables("association.main", "true")
    ec2.delete_route_table(RouteTableId=table)
    ec2.delete_vpc(VpcId=vpc)


def test_what_is_not_shown_is_refused_by_name(aws: Any) -> None:
    for name, message in (
        ("nonsense", "The filter 'nonsense' is invalid"),
        (
            "network-interface.requester-managed",
            "does not evaluate the filter network-interface.requester-managed of DescribeInstances",
        ),
    ):
        with pytest.raises(ClientError, match=message) as refused:
            found(aws, (name, ["x"]))
        assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("call", "name", "value"),
    [
        ("describe_subnets", "availabilityZone", "us-east-1a"),
        ("describe_subnets", "availabilityZoneId", "use1-az*"),
        ("describe_subnets", "cidrBlock", "172.31.*"),
        ("describe_subnets", "defaultForAz", "true"),
        ("describe_vpcs", "isDefault", "true"),
        ("describe_vpcs", "isDefault", "tr*"),
    ],
)
def test_other_names_of_a_filter_are_taken(aws: Any, call: str, name: str, value: str) -> None:
    """DescribeSubnets: "You can also use availabilityZone as the filter name."; Terraform's
    aws_vpc sends isDefault."""
    ec2 = aws("ec2")
    answer = getattr(ec2, call)(Filters=[{"Name": name, "Values": [value]}])
    assert answer["Subnets" if call == "describe_subnets" else "Vpcs"]
    answer = getattr(ec2, call)(Filters=[{"Name": name, "Values": ["none"]}])
    assert not answer["Subnets" if call == "describe_subnets" else "Vpcs"]


@pytest.mark.parametrize(
    "call",
    [
        "describe_availability_zones",
        "describe_iam_instance_profile_associations",
        "describe_instance_status",
        "describe_instance_type_offerings",
        "describe_key_pairs",
        "describe_regions",
        "describe_tags",
        "describe_volumes_modifications",
        "describe_vpc_peering_connections",
    ],
)
def test_a_filter_that_a_call_does_not_have_is_refused(aws: Any, call: str) -> None:
    """In EC2's words as users reported them; moto drops such filters, and lists everything."""
    describe = getattr(aws("ec2", region="eu-west-3"), call)
    with pytest.raises(ClientError, match="The filter 'nonsense' is invalid") as refused:
        describe(Filters=[{"Name": "nonsense", "Values": ["x"]}])
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"
