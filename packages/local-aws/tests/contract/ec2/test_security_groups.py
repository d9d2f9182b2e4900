"""Security groups: names, default rules, and what calls on rules answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from refusals import refusal_of

_CHARACTERS = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
_SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.2.0.0/16"}


@pytest.fixture(scope="module")
def vpc_id(aws: Any) -> str:
    return str(aws("ec2").create_vpc(CidrBlock="10.61.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def group_id(aws: Any, vpc_id: str, unique_name: str) -> str:
    made = aws("ec2").create_security_group(GroupName=unique_name, Description="d", VpcId=vpc_id)
    return str(made["GroupId"])


def test_a_default_group_lets_its_members_in(aws: Any, vpc_id: str) -> None:
    """Amazon VPC User Guide, "Default security groups for your VPCs"; recorded from AWS."""
    of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    [group] = aws("ec2").describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    itself = {"UserId": "123456789012", "GroupId": group["GroupId"]}
    assert group["IpPermissions"] == [
        {
            "IpProtocol": "-1",
            "IpRanges": [],
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "UserIdGroupPairs": [itself],
        }
    ]
    assert "Tags" not in group


@pytest.mark.parametrize(
    ("name", "description", "code", "words"),
    [
        ("default", "d", "InvalidParameterValue",
         "Cannot use reserved security group name: default"),
        ("sg-mine", "d", "InvalidParameterValue",
         ("Value (sg-mine) for parameter GroupName is invalid. "
         "Group names may not be in the format sg-*.")),
        ("mine", "naïve", "InvalidParameterValue",
         ("Value (naïve) for parameter GroupDescription is invalid. "
         "Character sets beyond ASCII are not supported.")),
        ("a%b", "d", "InvalidParameterValue",
         ("Invalid security group name. Valid names are non-empty strings less than 256 "
         f"characters from the following set:  {_CHARACTERS}")),
        ("mine", "it's", "InvalidParameterValue",
         ("Invalid security group description. Valid descriptions are strings less than 256 "
         f"characters from the following set:  {_CHARACTERS}")),
        ("n" * 256, "d", "InvalidParameterValue",
         ("Invalid security group name. Valid names are non-empty strings less than 256 "
         f"characters from the following set:  {_CHARACTERS}")),
    ],
)  # fmt: skip
def test_some_names_and_descriptions_are_refused(
    aws: Any, vpc_id: str, name: str, description: str, code: str, words: str
) -> None:
    """API_CreateSecurityGroup, in the words that users reported."""
    create = aws("ec2").create_security_group
    refused = refusal_of(create, GroupName=name, Description=description, VpcId=vpc_id)
    assert refused == (400, code, words)


def test_a_name_is_taken_once_in_a_vpc_that_there_is(
    aws: Any, vpc_id: str, group_id: str, unique_name: str
) -> None:
    """EC2's error codes InvalidGroup.Duplicate and InvalidVpcID.NotFound."""
    create: Callable[..., Any] = aws("ec2").create_security_group
    again = {"GroupName": unique_name, "Description": "d"}
    words = f"The security group '{unique_name}' already exists for VPC '{vpc_id}'"
    assert refusal_of(create, **again, VpcId=vpc_id) == (400, "InvalidGroup.Duplicate", words)
    other_letters = {**again, "GroupName": unique_name.upper()}
    refused = refusal_of(create, **other_letters, VpcId=vpc_id)
    assert refused[:2] == (400, "InvalidGroup.Duplicate")
    none = "vpc-0123456789abcdef0"
    words = f"The vpc ID '{none}' does not exist"
    assert refusal_of(create, **again, VpcId=none) == (400, "InvalidVpcID.NotFound", words)
    assert aws("ec2").delete_security_group(GroupId=group_id)["GroupId"] == group_id


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22},
         "peer: 10.2.0.0/16, TCP, from port: 22, to port: 22, ALLOW"),
        ({"IpProtocol": "-1"}, "peer: 10.2.0.0/16, ALL, ALLOW"),
        ({"IpProtocol": "50"}, "peer: 10.2.0.0/16, protocol: 50, ALLOW"),
    ],
)  # fmt: skip
def test_a_rule_that_is_there_is_described(
    aws: Any, group_id: str, permission: dict[str, Any], words: str
) -> None:
    """EC2's error code InvalidPermission.Duplicate, in the words that users reported."""
    ec2 = aws("ec2")
    given = {**permission, "IpRanges": [{"CidrIp": "10.2.0.0/16"}]}
    other = {**_SSH, "FromPort": 80, "ToPort": 80}
    other["IpRanges"] = [{"CidrIp": other.pop("CidrIp")}]
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[given])
    refused = refusal_of(
        ec2.authorize_security_group_ingress, GroupId=group_id, IpPermissions=[other, given]
    )
    message = f'the specified rule "{words}" already exists'
    assert refused == (400, "InvalidPermission.Duplicate", message)
    [group] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    assert len(group["IpPermissions"]) == 1, "all rules of a request are added, or none"


def test_created_and_revoked_rules_are_returned(aws: Any, group_id: str) -> None:
    """API_AuthorizeSecurityGroupIngress, API_RevokeSecurityGroupIngress."""
    ec2 = aws("ec2")
    ports = [{"IpProtocol": "tcp", "FromPort": n, "ToPort": n} for n in (80, 443)]
    permissions = [{**each, "IpRanges": [{"CidrIp": "10.2.0.0/16"}]} for each in ports]
    made = ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=permissions)
    rules = made["SecurityGroupRules"]
    assert [rule["FromPort"] for rule in rules] == [80, 443]
    assert {rule["GroupOwnerId"] for rule in rules} == {"123456789012"}
    assert all("Tags" not in rule for rule in rules)
    ids = [rule["SecurityGroupRuleId"] for rule in rules]
    gone = ec2.revoke_security_group_ingress(GroupId=group_id, SecurityGroupRuleIds=ids)
    assert [rule["SecurityGroupRuleId"] for rule in gone["RevokedSecurityGroupRules"]] == ids
    refused = refusal_of(ec2.revoke_security_group_ingress, GroupId=group_id, **_SSH)
    words = "The specified rule does not exist in this security group."
    assert refused == (400, "InvalidPermission.NotFound", words)


def test_a_range_of_ports_is_in_order(aws: Any, group_id: str) -> None:
    """API_IpPermission, in the words that users reported."""
    refused = refusal_of(
        aws("ec2").authorize_security_group_ingress,
        GroupId=group_id,
        **{**_SSH, "FromPort": 80},
    )
    assert refused == (400, "InvalidParameterValue", "Invalid TCP/UDP port range (80:22)")
