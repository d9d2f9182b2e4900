"""Security groups and their rules."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from moto.ec2.exceptions import (
    InvalidPermissionDuplicateError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupNotFoundError,
)

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    as_int,
    generated_name,
    tags_of,
)

_EVERYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


class SecurityGroup(ResourceType):
    """moto replaces the group for every change; AWS changes rules and tags in place.

    AWS: "AWS::EC2::SecurityGroup" in the CloudFormation Template Reference.
    """

    def create(self, place: Place, properties: Properties) -> Any:
        ec2 = backends.ec2(place)
        group = ec2.create_security_group(
            name=properties.get("GroupName") or generated_name(self.name, place),
            description=properties.get("GroupDescription"),
            vpc_id=properties.get("VpcId"),
            tags={**place.all_tags, **tags_of(properties)},
        )
        group.is_in_named_vpc = "VpcId" in properties
        with self.deleted_on_failure(place, group, properties):
            if properties.get("SecurityGroupEgress"):
                # AWS: rules of one's own take the place of the default "allow everything out".
                _revoke(ec2, group.id, _EVERYWHERE, "egress")
            return self.update(place, group, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        ec2 = backends.ec2(place)
        for direction in ("ingress", "egress"):
            name = f"SecurityGroup{direction.title()}"
            before, after = old.get(name, []), new.get(name, [])
            for rule in before:
                if rule not in after:
                    _revoke(ec2, model.id, rule, direction)
            for rule in after:
                if rule not in before:
                    # A failed update may have left it, for the rollback to find.
                    with suppress(*([InvalidPermissionDuplicateError] if old else [])):
                        _authorize(ec2, model.id, rule, direction)
        removed = set(tags_of(old)) - set(tags_of(new))
        ec2.delete_tag_keys([model.id], list(removed))
        ec2.create_tags([model.id], tags_of(new))
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_security_group(group_id=model.id)

    def physical_id(self, model: Any) -> str:
        """AWS, and as recorded: the name, if there is no VpcId."""
        return str(model.id if getattr(model, "is_in_named_vpc", True) else model.name)


class SecurityGroupIngress(ResourceType):
    """One rule of a group. moto leaves it behind when the stack is deleted.

    AWS: "AWS::EC2::SecurityGroupIngress": every property but Description replaces the rule.
    """

    direction = "ingress"
    changing_properties = frozenset({"Description"})

    def create(self, place: Place, properties: Properties) -> Any:
        ec2 = backends.ec2(place)
        group_id = properties.get("GroupId") or _group_id(ec2, properties.get("GroupName", ""))
        rules = _authorize(ec2, group_id, properties, self.direction)
        return [rule.id for rule in rules]

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        ec2 = backends.ec2(place)
        update = getattr(ec2, f"update_security_group_rule_descriptions_{self.direction}")
        group_id = new.get("GroupId") or _group_id(ec2, new.get("GroupName", ""))
        update(group_id, **_permission(new, self.direction))
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        ec2 = backends.ec2(place)
        revoke = getattr(ec2, f"revoke_security_group_{self.direction}")
        group_id = properties.get("GroupId") or _group_id(ec2, properties.get("GroupName", ""))
        # Someone else may have revoked it, or deleted the whole group.
        with suppress(InvalidPermissionNotFoundError, InvalidSecurityGroupNotFoundError):
            revoke(group_id, "", "", "", [], security_rule_ids=model)

    def physical_id(self, model: Any) -> str:
        return str(model[0])


class SecurityGroupEgress(SecurityGroupIngress):
    """The same for traffic that leaves; moto has no such type.

    AWS: "AWS::EC2::SecurityGroupEgress" in the CloudFormation Template Reference.
    """

    direction = "egress"


def _authorize(ec2: Any, group_id: str, rule: Properties, direction: str) -> list[Any]:
    authorize = getattr(ec2, f"authorize_security_group_{direction}")
    rules: list[Any] = authorize(group_id, **_permission(rule, direction))[0]
    return rules


def _revoke(ec2: Any, group_id: str, rule: Properties, direction: str) -> None:
    revoke = getattr(ec2, f"revoke_security_group_{direction}")
    with suppress(InvalidPermissionNotFoundError):  # someone else may have revoked it
        revoke(group_id, **_permission(rule, direction))


def _permission(rule: Properties, direction: str) -> dict[str, Any]:
    """The rule as moto's authorize and revoke calls take it."""
    described = {"Description": rule["Description"]} if rule.get("Description") else {}
    ranges = [
        {family: rule[family], **described} for family in ("CidrIp", "CidrIpv6") if rule.get(family)
    ]
    prefix = "Source" if direction == "ingress" else "Destination"
    groups = [
        {name: rule[f"{prefix}SecurityGroup{name.removeprefix('Group')}"], **described}
        for name in ("GroupId", "GroupName")
        if rule.get(f"{prefix}SecurityGroup{name.removeprefix('Group')}")
    ]
    prefix_list = rule.get(f"{prefix}PrefixListId")
    if not (ranges or groups or prefix_list):
        raise ResourceFailedError("A security group rule needs a source or destination.")
    return {
        "ip_protocol": str(rule.get("IpProtocol", "-1")),
        "from_port": as_int(rule, "FromPort"),
        "to_port": as_int(rule, "ToPort"),
        "ip_ranges": ranges,
        "source_groups": groups,
        "prefix_list_ids": [{"PrefixListId": prefix_list, **described}] if prefix_list else [],
    }


def _group_id(ec2: Any, name: str) -> str:
    group = ec2.get_security_group_by_name_or_id(name)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(name)
    return str(group.id)
