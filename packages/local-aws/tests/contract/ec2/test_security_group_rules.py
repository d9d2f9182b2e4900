"""Rules of security groups: what makes them the same, how they change, and their descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

_INVALID_DESCRIPTION = (
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the "
    "following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
)


@pytest.fixture
def ec2(aws: Any) -> Any:
    return aws("ec2")


@pytest.fixture
def groups(ec2: Any, unique_name: str) -> Iterator[tuple[str, str]]:
    """The group with the rules, and one that they are about."""
    made = [
        ec2.create_security_group(GroupName=f"{unique_name}-{each}", Description="d")["GroupId"]
        for each in ("a", "b")
    ]
    yield made[0], made[1]
    for group_id in made:
        ec2.delete_security_group(GroupId=group_id)


def permission(**peer: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **peer}]


def rules_of(ec2: Any, group_id: str) -> list[dict[str, Any]]:
    wanted = [{"Name": "group-id", "Values": [group_id]}]
    rules = ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]
    return [rule for rule in rules if not rule["IsEgress"]]


def test_a_rule_is_the_same_whatever_its_description(ec2: Any, groups: tuple[str, str]) -> None:
    """API_UserIdGroupPair; "InvalidPermission.Duplicate" in EC2's error codes."""
    group_id, peer_id = groups

    def described(text: str | None) -> dict[str, Any]:
        pair = {"GroupId": peer_id, **({"Description": text} if text else {})}
        return {"GroupId": group_id, "IpPermissions": permission(UserIdGroupPairs=[pair])}

    ec2.authorize_security_group_ingress(**described("first"))
    refused = refusal_of(ec2.authorize_security_group_ingress, **described("other"))
    assert refused[:2] == (400, "InvalidPermission.Duplicate")
    assert [rule["Description"] for rule in rules_of(ec2, group_id)] == ["first"]
    ec2.update_security_group_rule_descriptions_ingress(**described("second"))
    assert [rule["Description"] for rule in rules_of(ec2, group_id)] == ["second"]
    ec2.revoke_security_group_ingress(**described(None))
    assert rules_of(ec2, group_id) == []


@pytest.mark.parametrize(
    ("kind", "name", "shown_as", "given", "canonical"),
    [
        ("IpRanges", "CidrIp", "CidrIpv4", "100.68.0.18/18", "100.68.0.0/18"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6", "::0/0", "::/0"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6", "2001:DB8:0:0::1/64", "2001:db8::/64"),
    ],
)
def test_ranges_are_canonical(
    ec2: Any,
    groups: tuple[str, str],
    kind: str,
    name: str,
    shown_as: str,
    given: str,
    canonical: str,
) -> None:
    """API_IpRange, API_Ipv6Range: "Amazon Web Services canonicalizes IPv4 and IPv6 CIDRs"."""
    wanted = {"GroupId": groups[0], "IpPermissions": permission(**{kind: [{name: given}]})}
    made = ec2.authorize_security_group_ingress(**wanted)["SecurityGroupRules"]
    assert [rule[shown_as] for rule in made] == [canonical]
    assert refusal_of(ec2.authorize_security_group_ingress, **wanted)[1] == (
        "InvalidPermission.Duplicate"
    )
    ec2.revoke_security_group_ingress(**wanted)
    assert rules_of(ec2, groups[0]) == []


@pytest.mark.parametrize("description", ["it's", "naïve", "d" * 256], ids=["', ", "ï", "long"])
def test_descriptions_have_characters_of_a_set(
    ec2: Any, groups: tuple[str, str], description: str
) -> None:
    """API_IpRange, in the words that users reported."""
    group_id, peer_id = groups
    made = ec2.authorize_security_group_ingress(
        GroupId=group_id, IpPermissions=permission(IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    )
    rule_id = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    pair = {"GroupId": peer_id, "Description": description}
    by_id = {"SecurityGroupRuleId": rule_id, "Description": description}
    new = {"IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8", "Description": description}
    for call, arguments in (
        (
            ec2.authorize_security_group_ingress,
            {"IpPermissions": permission(UserIdGroupPairs=[pair])},
        ),
        (
            ec2.update_security_group_rule_descriptions_ingress,
            {"SecurityGroupRuleDescriptions": [by_id]},
        ),
        (
            ec2.modify_security_group_rules,
            {"SecurityGroupRules": [{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": new}]},
        ),
    ):
        refused = refusal_of(call, GroupId=group_id, **arguments)
        assert refused == (400, "InvalidParameterValue", _INVALID_DESCRIPTION)


def test_a_rule_is_changed_by_its_id(ec2: Any, groups: tuple[str, str]) -> None:
    """API_ModifySecurityGroupRules and API_SecurityGroupRuleDescription."""
    group_id, _ = groups
    peers = [{"CidrIpv6": "2001:db8::/64"}]
    made = ec2.authorize_security_group_ingress(
        GroupId=group_id, IpPermissions=permission(Ipv6Ranges=peers)
    )["SecurityGroupRules"]
    rule_id = made[0]["SecurityGroupRuleId"]
    new = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIpv6": "2001:db8:1::1/64"}
    change = {"SecurityGroupRuleId": rule_id, "SecurityGroupRule": new}
    ec2.modify_security_group_rules(GroupId=group_id, SecurityGroupRules=[change])
    described = {"SecurityGroupRuleId": rule_id, "Description": "ours"}
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=group_id, SecurityGroupRuleDescriptions=[described]
    )
    [rule] = rules_of(ec2, group_id)
    shown = [rule[name] for name in ("FromPort", "ToPort", "CidrIpv6", "Description")]
    assert shown == [1, 2, "2001:db8:1::/64", "ours"]


def test_a_rule_that_is_not_there_is_named(ec2: Any, groups: tuple[str, str]) -> None:
    """ "InvalidSecurityGroupRuleId.NotFound" in EC2's error codes."""
    none = "sgr-0123456789abcdef0"
    words = f"The security group rule ID '{none}' does not exist"
    refused = refusal_of(
        ec2.revoke_security_group_ingress, GroupId=groups[0], SecurityGroupRuleIds=[none]
    )
    assert refused == (400, "InvalidSecurityGroupRuleId.NotFound", words)


def test_all_rules_of_a_request_are_revoked_or_none(ec2: Any, groups: tuple[str, str]) -> None:
    """API_RevokeSecurityGroupIngress: "no rules are revoked"."""
    group_id, _ = groups
    there, absent = (permission(IpRanges=[{"CidrIp": f"10.{n}.0.0/16"}]) for n in (1, 2))
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=there)
    both = {"GroupId": group_id, "IpPermissions": [*there, *absent]}
    assert refusal_of(ec2.revoke_security_group_ingress, **both)[1] == "InvalidPermission.NotFound"
    assert [rule["CidrIpv4"] for rule in rules_of(ec2, group_id)] == ["10.1.0.0/16"]


@pytest.mark.parametrize("address_range", ["64:ff9b::/96", "::/0"])
def test_ipv6_rules_are_revoked_in_a_vpc_without_ipv6(
    ec2: Any, groups: tuple[str, str], address_range: str
) -> None:
    """API_RevokeSecurityGroupEgress: the rule is gone, or it was not there."""
    wanted = {
        "GroupId": groups[0],
        "IpPermissions": permission(Ipv6Ranges=[{"CidrIpv6": address_range}]),
    }
    added = ec2.authorize_security_group_egress(**wanted)["SecurityGroupRules"]
    gone = ec2.revoke_security_group_egress(**wanted)["RevokedSecurityGroupRules"]
    ids = [[rule["SecurityGroupRuleId"] for rule in rules] for rules in (added, gone)]
    assert ids[0] == ids[1] != []
    refused = refusal_of(ec2.revoke_security_group_egress, **wanted)
    assert refused[1] == "InvalidPermission.NotFound"


def test_a_group_of_a_rule_is_of_its_network_or_a_peer_of_it(
    ec2: Any, groups: tuple[str, str], unique_name: str
) -> None:
    """VPC Peering Guide, "Update your security groups to reference peer security groups"."""
    group_id, _ = groups
    ours = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]["VpcId"]
    theirs = ec2.create_vpc(CidrBlock="10.83.0.0/16")["Vpc"]["VpcId"]
    peer_id = ec2.create_security_group(GroupName=unique_name, Description="d", VpcId=theirs)[
        "GroupId"
    ]
    rule = {
        "GroupId": group_id,
        "IpPermissions": permission(UserIdGroupPairs=[{"GroupId": peer_id}]),
    }
    made = ec2.authorize_security_group_ingress(
        GroupId=group_id, IpPermissions=permission(UserIdGroupPairs=[{"GroupId": group_id}])
    )["SecurityGroupRules"]

    def change_of(named: str) -> Any:
        new = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "ReferencedGroupId": named}
        change = {
            "SecurityGroupRuleId": made[0]["SecurityGroupRuleId"],
            "SecurityGroupRule": new,
        }
        return refusal_of(
            ec2.modify_security_group_rules, GroupId=group_id, SecurityGroupRules=[change]
        )

    apart = (
        400,
        "InvalidGroup.NotFound",
        "You have specified two resources that belong to different networks.",
    )
    assert refusal_of(ec2.authorize_security_group_ingress, **rule) == apart
    assert refusal_of(ec2.authorize_security_group_egress, **rule) == apart
    assert change_of(peer_id) == apart
    assert change_of("sg-0123456789abcdef0")[:2] == apart[:2]
    peering = ec2.create_vpc_peering_connection(VpcId=theirs, PeerVpcId=ours)
    peering_id = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    assert refusal_of(ec2.authorize_security_group_ingress, **rule) == apart
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    ec2.authorize_security_group_ingress(**rule)
    ec2.revoke_security_group_ingress(**rule)
