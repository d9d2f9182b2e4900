"""Entries of network ACLs."""

from __future__ import annotations

from typing import Any


def test_an_entry_has_its_icmp_type_and_code(ec2: Any) -> None:
    """API_CreateNetworkAclEntry, API_ReplaceNetworkAclEntry: IcmpTypeCode: "ICMP protocol: The ICMP
    type and code"."""
    vpc_id = ec2.create_vpc(CidrBlock="10.88.0.0/16")["Vpc"]["VpcId"]
    acl_id = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    entry = {
        "NetworkAclId": acl_id,
        "RuleNumber": 300,
        "Protocol": "1",
        "RuleAction": "allow",
        "Egress": False,
        "CidrBlock": "0.0.0.0/0",
    }
    for put, icmp in (
        (ec2.create_network_acl_entry, {"Type": 0, "Code": 8}),
        (ec2.replace_network_acl_entry, {"Type": 3, "Code": -1}),
    ):
        put(**entry, IcmpTypeCode=icmp)
        [acl] = ec2.describe_network_acls(NetworkAclIds=[acl_id])["NetworkAcls"]
        [shown] = [each for each in acl["Entries"] if each["RuleNumber"] == 300]
        assert shown["IcmpTypeCode"] == icmp
