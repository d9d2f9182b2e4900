"""Security groups: their names, the rules of a VPC's default group, and what calls on rules answer.

moto takes nearly any name, and one again in other letters; its default groups let nothing in, and
its answers lack rules.
Source: API_CreateSecurityGroup, API_AuthorizeSecurityGroupIngress, API_RevokeSecurityGroupIngress
and API_SecurityGroupRule in the EC2 API Reference; "Default security groups
for your VPCs" in the Amazon VPC User Guide; EC2's words as recorded or as users reported them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidPermissionDuplicateError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.security import security_group_texts

_PORTS = ("TCP", "UDP")

_moto_create = EC2Backend.create_security_group
_moto_revoke_egress = EC2Backend.revoke_security_group_egress


def install() -> None:
    moto_seams.replace(
        EC2Backend, create_security_group=_create, revoke_security_group_egress=_revoke_egress
    )
    moto_seams.replace(InvalidPermissionNotFoundError, __init__=_no_such_rule)
    moto_seams.replace(
        EC2Response,
        authorize_security_group_ingress=_authorizing("authorize_security_group_ingress"),
        authorize_security_group_egress=_authorizing("authorize_security_group_egress"),
        revoke_security_group_ingress=_revoking(EC2Response.revoke_security_group_ingress),
        revoke_security_group_egress=_revoking(EC2Response.revoke_security_group_egress),
    )
    moto_seams.add(
        SecurityGroupRule,
        group_owner_id=property(lambda rule: rule.ec2_backend.account_id),
        security_group_rule_id=property(lambda rule: rule.id),
    )


def _create(
    self: EC2Backend,
    name: str,
    description: str,
    vpc_id: str | None = None,
    **more: Any,
) -> SecurityGroup:
    is_default = bool(more.get("is_default"))
    if vpc_id:
        self.get_vpc(vpc_id)
    _require_name(name, is_default)
    _require_ascii("GroupDescription", description)
    if description:
        _require_characters("description", "descriptions are", description)
    place = vpc_id or self.default_vpc.id
    if any(group.name.lower() == name.lower() for group in self.groups[place].values()):
        raise EC2ClientError(
            "InvalidGroup.Duplicate",
            f"The security group '{name}' already exists for VPC '{place}'",
        )
    group: SecurityGroup = _moto_create(self, name, description, vpc_id, **more)
    if is_default:
        itself = {"GroupId": group.id, "UserId": self.account_id}
        rule = SecurityGroupRule(self, "-1", group.id, None, None, None, itself, is_egress=False)
        group.ingress_rules.append(rule)
    return group


def _require_name(name: str, is_default: bool) -> None:
    if name == "default" and not is_default:
        raise _invalid("Cannot use reserved security group name: default")
    if name.lower().startswith("sg-"):
        raise _invalid(
            f"Value ({name}) for parameter GroupName is invalid. "
            "Group names may not be in the format sg-*."
        )
    _require_ascii("GroupName", name)
    _require_characters("name", "names are non-empty", name)


def _require_ascii(parameter: str, value: str) -> None:
    if not (value or "").isascii():
        raise _invalid(
            f"Value ({value}) for parameter {parameter} is invalid. "
            "Character sets beyond ASCII are not supported."
        )


def _require_characters(kind: str, valid: str, value: str) -> None:
    if not security_group_texts.is_valid(value):
        raise _invalid(
            f"Invalid security group {kind}. Valid {valid} strings less than 256 characters from "
            f"the following set:  {security_group_texts.CHARACTERS}"
        )


def _invalid(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)


def _in_words(rule: SecurityGroupRule) -> str:
    peer = (
        rule.cidr_ipv4
        or rule.cidr_ipv6
        or rule.source_group.get("GroupId")
        or rule.prefix_list_id
        or ""
    )
    protocol = str(rule.ip_protocol).upper()
    if protocol in ("-1", "NONE"):
        of_protocol = "ALL"
    elif protocol in _PORTS:
        of_protocol = f"{protocol}, from port: {rule.from_port}, to port: {rule.to_port}"
    elif protocol.startswith("ICMP"):
        kind, code = ("ALL" if n in (None, -1) else n for n in (rule.from_port, rule.to_port))
        of_protocol = f"{protocol}, type: {kind}, code: {code}"
    else:
        of_protocol = f"protocol: {rule.ip_protocol}"
    return f"peer: {peer}, {of_protocol}, ALLOW"


def _no_such_rule(self: InvalidPermissionNotFoundError) -> None:
    EC2ClientError.__init__(
        self,
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
    )


def _authorizing(operation: str) -> Any:
    is_egress = operation.endswith("egress")

    def answer(self: EC2Response) -> ActionResult:
        """All rules of a request are added, or none; moto answers those of the last permission."""
        backend = self.ec2_backend
        added: list[SecurityGroupRule] = []
        for arguments in list(self._process_rules_from_querystring()):
            group = backend.get_security_group_by_name_or_id(arguments["group_name_or_id"])
            before = list(_of(group, is_egress))
            try:
                added += getattr(backend, operation)(**arguments)[0]
            except EC2ClientError as error:
                if group is not None:
                    _of(group, is_egress)[:] = [each for each in before if each not in added]
                if not isinstance(error, InvalidPermissionDuplicateError):
                    raise
                raise _duplicate(backend, group, arguments, is_egress) from None
        return ActionResult({"Return": True, "SecurityGroupRules": added})

    return answer


def _of(group: SecurityGroup | None, is_egress: bool) -> list[SecurityGroupRule]:
    if group is None:
        return []
    rules: list[SecurityGroupRule] = group.egress_rules if is_egress else group.ingress_rules
    return rules


def _duplicate(
    backend: EC2Backend, group: SecurityGroup, arguments: dict[str, Any], is_egress: bool
) -> EC2ClientError:
    """EC2's error for a request with a rule that the group has, or that comes twice in it."""
    asked = backend._iterate_security_rules(
        arguments["ip_protocol"],
        group.group_id,
        arguments["from_port"],
        arguments["to_port"],
        arguments["ip_ranges"],
        backend._add_source_group(arguments["source_groups"], None),
        arguments["prefix_list_ids"] or [],
        is_egress=is_egress,
    )
    for rule in asked:
        if rule in _of(group, is_egress):
            words = f'the specified rule "{_in_words(rule)}" already exists'
            return EC2ClientError("InvalidPermission.Duplicate", words)
    return _invalid("The same permission must not appear multiple times")


def _revoking(moto_revoke: Callable[[EC2Response], ActionResult]) -> Any:
    def answer(self: EC2Response) -> ActionResult:
        """All rules of a request are revoked and answered, or none is."""
        before = _rules(self)
        known = {rule.id for rule in before}
        for rule_id in self._get_param("SecurityGroupRuleIds", []):
            if rule_id not in known:
                raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        kept = [
            (group, list(group.ingress_rules), list(group.egress_rules)) for group in _groups(self)
        ]
        try:
            moto_revoke(self)
        except EC2ClientError:
            for group, ingress, egress in kept:
                group.ingress_rules, group.egress_rules = ingress, egress
            raise
        after = {rule.id for rule in _rules(self)}
        revoked = [rule for rule in before if rule.id not in after]
        return ActionResult({"Return": True, "RevokedSecurityGroupRules": revoked})

    return answer


def _revoke_egress(
    self: EC2Backend,
    group_name_or_id: str,
    ip_protocol: str,
    from_port: str,
    to_port: str,
    ip_ranges: list[Any],
    source_groups: list[dict[str, Any]] | None = None,
    prefix_list_ids: list[dict[str, str]] | None = None,
    security_rule_ids: list[str] | None = None,
    vpc_id: str | None = None,
) -> None:
    """Revokes the rules by their ids: moto passes over IPv6 ranges in a VPC without an IPv6 block.

    Raises InvalidPermissionNotFoundError when the group lacks one of them.
    """
    group = self.get_security_group_by_name_or_id(group_name_or_id, vpc_id)
    rule_ids = list(security_rule_ids or [])
    if group is not None and not rule_ids:
        asked = self._iterate_security_rules(
            ip_protocol,
            group.group_id,
            from_port,
            to_port,
            ip_ranges,
            self._add_source_group(source_groups, vpc_id),
            prefix_list_ids or [],
            is_egress=True,
        )
        for wanted in asked:
            if wanted not in group.egress_rules:
                raise InvalidPermissionNotFoundError
            rule_ids.append(group.egress_rules[group.egress_rules.index(wanted)].id)
    _moto_revoke_egress(
        self, group_name_or_id, "", "", "", [], security_rule_ids=rule_ids, vpc_id=vpc_id
    )


def _groups(response: EC2Response) -> list[SecurityGroup]:
    return list(chain.from_iterable(each.values() for each in response.ec2_backend.groups.values()))


def _rules(response: EC2Response) -> list[SecurityGroupRule]:
    return [
        rule for group in _groups(response) for rule in (*group.ingress_rules, *group.egress_rules)
    ]
