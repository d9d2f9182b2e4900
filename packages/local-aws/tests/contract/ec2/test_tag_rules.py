"""Tags that EC2 takes, and those that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_RESERVED = "Tag keys starting with 'aws:' are reserved for internal use"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("aws:x", f"Value ( aws:x ) for parameter key is invalid. {_RESERVED}"),
        ("", "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."),
    ],
)
def test_a_key_is_the_users_own(aws: Any, key: str, words: str) -> None:
    """EC2 User Guide, "Tag restrictions", in the words that users reported."""
    ec2 = aws("ec2")
    subnet_id = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    tags = [{"Key": key, "Value": "x"}]
    refused = refusal_of(ec2.create_tags, Resources=[subnet_id], Tags=tags)
    assert refused == (400, "InvalidParameterValue", words)


@pytest.mark.parametrize(
    ("kind", "keys", "code", "words"),
    [
        ("vpc", ["aws:x"], "InvalidParameterValue", _RESERVED),
        ("vpc", ["a", "a"], "InvalidParameterValue", "Duplicate tag key 'a' specified."),
        (
            "subnet",
            ["a"],
            "InvalidParameter",
            "'subnet' is not a valid taggable resource type for this operation.",
        ),
    ],
)
def test_what_a_call_creates_has_tags_of_its_own(
    aws: Any, kind: str, keys: list[str], code: str, words: str
) -> None:
    """API_TagSpecification, in the words that users reported."""
    specification = {"ResourceType": kind, "Tags": [{"Key": key, "Value": "x"} for key in keys]}
    refused = refusal_of(
        aws("ec2").create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=[specification]
    )
    assert refused == (400, code, words)


@pytest.mark.parametrize(
    ("types", "words"),
    [
        (["vpc"], "'vpc' is not a valid taggable resource type for this operation."),
        (
            ["instance", "volume", "instance"],
            "The same resource type may not be specified more than once in tag specifications",
        ),
        ([None], "Tag specification resource type must have a value"),
    ],
    ids=["other", "twice", "none"],
)
def test_a_launch_tags_what_it_creates(aws: Any, types: list[str | None], words: str) -> None:
    """TagSpecifications in API_RunInstances, in the words that users reported."""
    tags = [{"Key": "a", "Value": "b"}]
    specifications = [{"Tags": tags, **({"ResourceType": each} if each else {})} for each in types]
    call = aws("ec2").run_instances
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    refused = refusal_of(call, **launch, TagSpecifications=specifications)
    assert refused == (400, "InvalidParameterValue", words)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        (
            {"Key": "k" * 129, "Value": ""},
            "Tag key exceeds the maximum length of 128 characters",
        ),
        (
            {"Key": "k", "Value": "v" * 257},
            "Tag value exceeds the maximum length of 256 characters",
        ),
    ],
    ids=["key", "value"],
)
def test_tags_have_a_longest_key_and_value(aws: Any, tag: dict[str, str], words: str) -> None:
    """EC2 User Guide, "Tag restrictions", in the words that users reported."""
    ec2 = aws("ec2")
    subnet_id = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    specifications = [{"ResourceType": "vpc", "Tags": [tag]}]
    for call, arguments in (
        (ec2.create_tags, {"Resources": [subnet_id], "Tags": [tag]}),
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/16", "TagSpecifications": specifications}),
    ):
        assert refusal_of(call, **arguments) == (400, "InvalidParameterValue", words)


def test_which_tags_are_deleted(aws: Any) -> None:
    """Tags in API_DeleteTags: of a key whatever its value is, of a key and a value, or all."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    tags = {"a": "1", "b": "", "c": "3", "d": "4"}
    given = [{"Key": key, "Value": value} for key, value in tags.items()]
    ec2.create_tags(Resources=[vpc_id], Tags=given)

    def left_after(**deletion: Any) -> set[str]:
        ec2.delete_tags(Resources=[vpc_id], **deletion)
        shown = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0].get("Tags", [])
        return {each["Key"] for each in shown}

    assert left_after(Tags=[{"Key": "a", "Value": "2"}]) == {"a", "b", "c", "d"}
    assert left_after(Tags=[{"Key": "a", "Value": ""}]) == {"a", "b", "c", "d"}
    assert left_after(Tags=[{"Key": "b", "Value": ""}]) == {"a", "c", "d"}
    assert left_after(Tags=[{"Key": "a"}]) == {"c", "d"}
    assert left_after() == set()
    ec2.delete_vpc(VpcId=vpc_id)


def test_tags_of_aws_stay(aws: Any, unique_name: str) -> None:
    """EC2 User Guide, "Tag restrictions": tags with the prefix aws: are not deleted."""
    ec2 = aws("ec2")
    template = ec2.create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"},
    )["LaunchTemplate"]
    chosen = {"LaunchTemplateId": template["LaunchTemplateId"]}
    launched = ec2.run_instances(LaunchTemplate=chosen, MinCount=1, MaxCount=1)["Instances"]
    instance_id = launched[0]["InstanceId"]

    def keys() -> list[str]:
        found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]
        return sorted(each["Key"] for each in found["Instances"][0]["Tags"])

    of_aws = ["aws:ec2launchtemplate:id", "aws:ec2launchtemplate:version"]
    ec2.create_tags(Resources=[instance_id], Tags=[{"Key": "mine", "Value": ""}])
    assert keys() == [*of_aws, "mine"]
    ec2.delete_tags(Resources=[instance_id])
    assert keys() == of_aws
    refused = refusal_of(ec2.delete_tags, Resources=[instance_id], Tags=[{"Key": of_aws[0]}])
    assert refused[:2] == (400, "InvalidParameterValue")
    ec2.terminate_instances(InstanceIds=[instance_id])


@pytest.mark.parametrize(
    ("call", "given", "kind"),
    [
        ("allocate_address", {}, "elastic-ip"),
        ("create_egress_only_internet_gateway", {"VpcId": "vpc-1"}, "egress-only-internet-gateway"),
        ("create_vpc_endpoint", {"VpcId": "vpc-1", "ServiceName": "s3"}, "vpc-endpoint"),
    ],
)
def test_a_call_that_creates_one_thing_takes_one_specification(
    aws: Any, call: str, given: dict[str, Any], kind: str
) -> None:
    """API_TagSpecification, in the words that users reported."""
    tags = [{"Key": "a", "Value": "b"}]
    create = getattr(aws("ec2"), call)
    for kinds, words in (
        ((kind, kind), "The same resource type may not be specified more than once in tag "),
        ((kind, "instance"), "'instance' is not a valid taggable resource type for this operation"),
    ):
        specifications = [{"ResourceType": each, "Tags": tags} for each in kinds]
        refused = refusal_of(create, **given, TagSpecifications=specifications)
        assert refused[:2] == (400, "InvalidParameterValue")
        assert refused[2].startswith(words)
