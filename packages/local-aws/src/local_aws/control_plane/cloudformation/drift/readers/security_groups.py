"""Security groups and their rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.drift.readers import tags

_ALL_PROTOCOLS = "-1"
_PORTS = ("FromPort", "ToPort")


def group(api: Any, group_id: str, attached: frozenset[str]) -> Mapping[str, Any]:
    """`attached` has the ids of rules that are resources of their own."""
    ec2 = api("ec2")
    named = "GroupIds" if group_id.startswith("sg-") else "GroupNames"
    shown = ec2.describe_security_groups(**{named: [group_id]})["SecurityGroups"][0]
    of_group = [{"Name": "group-id", "Values": [shown["GroupId"]]}]
    rules = [
        rule
        for rule in ec2.describe_security_group_rules(Filters=of_group)["SecurityGroupRules"]
        if rule["SecurityGroupRuleId"] not in attached
    ]
    return {
        "GroupDescription": shown["Description"],
        "GroupName": shown["GroupName"],
        "VpcId": shown.get("VpcId"),
        "SecurityGroupIngress": [_rule(rule) for rule in rules if not rule["IsEgress"]],
        "SecurityGroupEgress": [_rule(rule) for rule in rules if rule["IsEgress"]],
        "Tags": tags.given(shown.get("Tags", [])),
    }


def as_read(declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its rules for all protocols without ports: these have no meaning then."""
    return {
        **declared,
        **{
            name: [_less_needless_ports(rule) for rule in declared[name]]
            for name in ("SecurityGroupIngress", "SecurityGroupEgress")
            if name in declared
        },
    }


def ingress_rule(api: Any, rule_id: str, _: frozenset[str]) -> Mapping[str, Any]:
    return _own_rule(api, rule_id)


def egress_rule(api: Any, rule_id: str, _: frozenset[str]) -> Mapping[str, Any]:
    return _own_rule(api, rule_id)


def _own_rule(api: Any, rule_id: str) -> Mapping[str, Any]:
    found = api("ec2").describe_security_group_rules(SecurityGroupRuleIds=[rule_id])
    shown = found["SecurityGroupRules"][0]
    return {"GroupId": shown["GroupId"], "Description": None, **_rule(shown)}


def _less_needless_ports(rule: Mapping[str, Any]) -> dict[str, Any]:
    needless = _PORTS if str(rule.get("IpProtocol")) == _ALL_PROTOCOLS else ()
    return {name: value for name, value in rule.items() if name not in needless}


def _rule(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a rule that it has."""
    prefix = "Destination" if shown["IsEgress"] else "Source"
    ports = () if shown["IpProtocol"] == _ALL_PROTOCOLS else _PORTS
    group = shown.get("ReferencedGroupInfo", {})
    members = {
        "IpProtocol": shown["IpProtocol"],
        **{name: shown.get(name) for name in ports},
        "CidrIp": shown.get("CidrIpv4"),
        "CidrIpv6": shown.get("CidrIpv6"),
        f"{prefix}PrefixListId": shown.get("PrefixListId"),
        f"{prefix}SecurityGroupId": group.get("GroupId"),
        f"{prefix}SecurityGroupOwnerId": group.get("UserId"),
        "Description": shown.get("Description") or None,
    }
    return {name: value for name, value in members.items() if value is not None}
