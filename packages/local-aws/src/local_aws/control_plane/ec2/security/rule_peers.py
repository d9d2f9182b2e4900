"""A security group rule is one of its protocol, ports and peer, whatever its description is.

moto takes rules for others whose peer, a group, is described otherwise: they are there twice, are
not revoked, and get no new description. It keeps ranges of addresses as they came, and a change of
a rule leaves every peer but a range of IPv4.
Source: API_IpRange, API_Ipv6Range, API_UserIdGroupPair and API_SecurityGroupRuleRequest in the EC2
API Reference: "Amazon Web Services canonicalizes IPv4 and IPv6 CIDRs".
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.security import rule_descriptions, rule_networks

_RANGES = ("CidrIp", "CidrIpv6")

_moto_rules = EC2Backend._iterate_security_rules
_moto_modify = EC2Backend.modify_security_group_rules


def install() -> None:
    moto_seams.replace(
        EC2Backend, _iterate_security_rules=_rules, modify_security_group_rules=_modify
    )
    moto_seams.replace(SecurityGroupRule, __eq__=_is_same, description=property(_description))


def _rules(
    self: EC2Backend,
    ip_protocol: str,
    group_id: str,
    from_port: str,
    to_port: str,
    ip_ranges: list[dict[str, str]],
    source_groups: list[dict[str, Any]],
    prefix_list_ids: list[dict[str, str]],
    **more: Any,
) -> Iterator[SecurityGroupRule]:
    for peer in (*ip_ranges, *source_groups, *prefix_list_ids):
        rule_descriptions.check(peer.get("Description"))
    ranges = [_canonical(each) for each in ip_ranges]
    yield from _moto_rules(
        self,
        ip_protocol,
        group_id,
        from_port,
        to_port,
        ranges,
        source_groups,
        prefix_list_ids,
        **more,
    )


def _canonical(ip_range: Mapping[str, str]) -> dict[str, str]:
    """The range without the bits behind its prefix, an IPv6 address in its shortest form.

    What is no range stays: no rule has it.
    """
    canonical = dict(ip_range)
    for name in _RANGES:
        with contextlib.suppress(ValueError):
            canonical[name] = str(ipaddress.ip_network(ip_range.get(name, ""), strict=False))
    return canonical


def _modify(self: EC2Backend, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    for new in rules.values():
        rule_descriptions.check(new.get("Description"))
    peers = [new["ReferencedGroupId"] for new in rules.values() if new.get("ReferencedGroupId")]
    rule_networks.require_reachable(self, group_id, peers)
    _moto_modify(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, new in rules.items():
        rule = group.get_rule(rule_id) if group else None
        if rule is None:  # moto has refused it
            continue
        if new.get("CidrIpv6"):
            rule.ip_range["CidrIpv6"] = new["CidrIpv6"]
        rule.ip_range = _canonical(rule.ip_range)
        if new.get("ReferencedGroupId"):
            rule.source_group = {**rule.source_group, "GroupId": new["ReferencedGroupId"]}
        rule.prefix_list_id = new.get("PrefixListId") or rule.prefix_list_id
        if new.get("Description") is not None:
            rule_descriptions.describe(rule, new["Description"])


def _is_same(self: SecurityGroupRule, other: object) -> bool:
    return isinstance(other, SecurityGroupRule) and _key(self) == _key(other)


def _key(rule: SecurityGroupRule) -> tuple[Any, ...]:
    return (
        rule.ip_protocol,
        rule.from_port,
        rule.to_port,
        *(rule.ip_range.get(name) for name in _RANGES),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


def _description(self: SecurityGroupRule) -> str | None:
    return self.ip_range.get("Description") or self.source_group.get("Description")
