"""Where a service runs: subnets of one VPC in three zones that offer its type, and an image."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from service_placement import chosen, image_for, vpc_of

RunModule = Callable[..., dict[str, Any]]
Client = Callable[[str], Any]
DEFAULT = {"default-for-az": "true"}


def subnet(zone: str, name: str = "subnet-1", vpc: str = "vpc-1") -> dict[str, str]:
    return {"AvailabilityZone": zone, "SubnetId": name, "VpcId": vpc}


def own_vpc(aws: Client, zones: str) -> tuple[str, list[str]]:
    """A VPC, and one subnet in each of these zones."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    ]
    return vpc, subnets


def test_by_default_it_is_the_default_vpc(run_module: RunModule, aws: Client) -> None:
    found = run_module("service_placement", instance_type="t3.micro")

    [vpc] = aws("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    placed = aws("ec2").describe_subnets(SubnetIds=found["subnet_ids"])["Subnets"]
    assert found["vpc_id"] == vpc["VpcId"]
    assert {each["VpcId"] for each in placed} == {vpc["VpcId"]}
    assert len({each["AvailabilityZone"] for each in placed}) == 3


@pytest.mark.parametrize(("kind", "architecture"), [("t3.micro", "x86_64"), ("t4g.micro", "arm64")])
def test_the_image_is_for_the_types_architecture(
    run_module: RunModule, kind: str, architecture: str
) -> None:
    found = run_module("service_placement", instance_type=kind)

    assert found["architecture"] == architecture
    assert found["image_id"].startswith("ami-")


def test_the_earlier_image_is_kept_as_long_as_it_fits(run_module: RunModule, aws: Client) -> None:
    images = aws("ec2").describe_images(
        Filters=[{"Name": "architecture", "Values": ["x86_64"]}], Owners=["amazon"]
    )["Images"]
    earlier = images[-1]["ImageId"]

    def image(kind: str, earlier: str) -> str:
        return str(
            run_module("service_placement", instance_type=kind, earlier_image_id=earlier)[
                "image_id"
            ]
        )

    latest = image("t3.micro", "")
    assert image("t3.micro", earlier) == earlier != latest
    assert image("t3.micro", "ami-00000000000000000") == latest
    assert image("t3.micro", "/aws/service/ami-amazon-linux-latest/old") == latest
    assert image("t4g.micro", earlier) == image("t4g.micro", "")


@pytest.mark.parametrize("given", ["wanted", "earlier"])
def test_an_image_that_its_owner_deprecated_meanwhile_is_kept(given: str) -> None:
    """Amazon deprecates an AL2023 image 90 days after its release; others do not see it then.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
    """

    def describe_images(**request: Any) -> dict[str, Any]:
        [wanted] = request["Filters"]
        shown = wanted["Values"] if request.get("IncludeDeprecated") else []
        return {"Images": [{"ImageId": each, "Architecture": "x86_64"} for each in shown]}

    ec2 = SimpleNamespace(describe_images=describe_images)
    ssm = SimpleNamespace(get_parameter=lambda **_: {"Parameter": {"Value": "ami-latest"}})

    assert image_for(ec2, ssm, "x86_64", **{given: "ami-deprecated"}) == "ami-deprecated"
    assert image_for(ec2, ssm, "x86_64") == "ami-latest"


def test_subnets_of_ones_own(run_module: RunModule, aws: Client) -> None:
    vpc, subnets = own_vpc(aws, "cab")

    found = run_module(
        "service_placement", instance_type="t3.micro", subnet_filters={"subnet-id": subnets}
    )

    assert (found["vpc_id"], found["subnet_ids"]) == (vpc, [subnets[1], subnets[2], subnets[0]])
    assert "no public address" in found["warnings"][0]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"instance_type": "t9.huge"}, "t9.huge"),
        ({"instance_type": "t3.micro", "image_id": "ami-0123456789abcdef0"}, "has no such image"),
        ({"instance_type": "t3.micro", "subnet_filters": {"tag:Name": "x"}}, "No subnet is found"),
    ],
)
def test_what_is_not_there_is_named(
    run_module: RunModule, options: dict[str, Any], expected: str
) -> None:
    refused = run_module("service_placement", **options)

    assert refused["failed"]
    assert expected in refused["msg"]
    assert "\n" not in refused["msg"]


def test_a_vpc_with_two_zones_is_refused(run_module: RunModule, aws: Client) -> None:
    vpc, _ = own_vpc(aws, "ab")

    refused = run_module(
        "service_placement", instance_type="t3.micro", subnet_filters={"vpc-id": vpc}
    )

    assert "3 Availability Zones are needed, and 2 can be used" in refused["msg"]
    assert "us-east-1a, us-east-1b" in refused["msg"]


def test_zones_that_do_not_offer_the_type_are_passed_over_and_named() -> None:
    subnets = [subnet(zone) for zone in "abcd"]

    assert [each["AvailabilityZone"] for each in chosen(subnets, "bcd", "t3.micro")] == [*"bcd"]
    with pytest.raises(AnsibleAWSError, match=r"2 can be used.* t3.micro is not offered in a, d\."):
        chosen(subnets, "bc", "t3.micro")


def test_of_several_subnets_in_a_zone_it_is_always_the_same_one() -> None:
    subnets = [subnet("a", "subnet-2"), subnet("a", "subnet-1"), subnet("b"), subnet("c")]

    for order in (subnets, subnets[::-1]):
        assert chosen(order, "abc", "t3.micro")[0]["SubnetId"] == "subnet-1"


def test_subnets_of_two_vpcs_are_refused() -> None:
    with pytest.raises(AnsibleAWSError, match="in 2 VPCs"):
        vpc_of([subnet("a"), subnet("b", vpc="vpc-2")], {"tag:Name": "x"})


def test_without_default_subnets_it_says_how_to_make_them() -> None:
    with pytest.raises(AnsibleAWSError, match="aws ec2 create-default-vpc"):
        vpc_of([], DEFAULT)
