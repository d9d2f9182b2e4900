"""Where an answer shows what a filter of EC2 is about: found in botocore's model of the answer.

Filters are named after members of what is listed: "metadata-options.http-tokens",
"block-device-mapping.volume-id", "instance-state-name" (state, name). Their words are those of the
members' names or of their elements' in XML, the ones between left out where they go without saying.
Source: "Filters" of each Describe call in the EC2 API Reference.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from botocore.model import ListShape, OperationModel, Shape, StructureShape

_OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "DescribeImages": {
        "manifest-location": "image-location",
        "owner-alias": "image-owner-alias",
        "state": "image-state",
    },
    "DescribeInstanceStatus": {
        "instance-status.reachability": "instance-status.details.status",
        "system-status.reachability": "system-status.details.status",
    },
    "DescribeInstances": {
        "launch-index": "ami-launch-index",
        "network-interface.attachment.instance-id": "instance-id",
        "network-interface.attachment.instance-owner-id": "owner-id",
        "network-interface.availability-zone": "availability-zone",
        "network-interface.outpost-arn": "outpost-arn",
    },
    "DescribeKeyPairs": {"fingerprint": "key-fingerprint"},
    "DescribeLaunchTemplateVersions": {
        "iam-instance-profile": "iam-instance-profile.arn",
        "is-default-version": "default-version",
    },
    "DescribeNetworkAcls": {
        "association.association-id": "association.network-acl-association-id",
        "entry.cidr": "entry.cidr-block",
        "entry.icmp.code": "entry.icmp-type-code.code",
        "entry.icmp.type": "entry.icmp-type-code.type",
        "entry.ipv6-cidr": "entry.ipv6-cidr-block",
    },
    "DescribeSecurityGroups": {
        f"{direction}ip-permission.{word}": f"{members}.{member}"
        for direction, members in (("", "ip-permissions"), ("egress.", "ip-permissions-egress"))
        for word, member in (
            ("cidr", "cidr-ip"),
            ("from-port", "from-port"),
            ("group-id", "group-id"),
            ("group-name", "group-name"),
            ("ipv6-cidr", "cidr-ipv6"),
            ("prefix-list-id", "prefix-list-id"),
            ("protocol", "ip-protocol"),
            ("to-port", "to-port"),
            ("user-id", "user-id"),
        )
    },
    "DescribeSubnets": {
        "availabilityZone": "availability-zone",
        "availabilityZoneId": "availability-zone-id",
        "cidr": "cidr-block",
        "cidrBlock": "cidr-block",
        "defaultForAz": "default-for-az",
    },
    "DescribeVpcEndpoints": {"vpc-endpoint-state": "state"},
    "DescribeVpcs": {"cidr": "cidr-block", "isDefault": "is-default"},
}
"""Filters by call whose words are not those of the member.

AWS also takes isDefault, which its reference lists no more: Terraform's aws_vpc sends it.
"""
_NESTED = {"DescribeInstances": "Instances"}
"""Calls that list what they are about within something else, here reservations."""
_DEEPEST = 3


@dataclass(frozen=True)
class Listing:
    """`path` leads through the answer to its items; `inner` from one to what is listed in it."""

    path: tuple[str, ...]
    shape: StructureShape
    inner: tuple[str, ...] = ()
    inner_shape: StructureShape | None = None

    @property
    def shows_tags(self) -> bool:
        """Whether the answer has the tags of what is listed: it has no other ones then."""
        return "Tags" in (self.inner_shape or self.shape).members


@dataclass(frozen=True)
class Place:
    """The elements that hold a filter's value, from the item or from what is listed within it."""

    path: tuple[str, ...]
    is_boolean: bool
    is_outer: bool = False

    @property
    def is_flag(self) -> bool:
        """Whether it is false where the answer does not show it."""
        return self.is_boolean and "item" not in self.path


@functools.cache
def listing(operation: OperationModel) -> Listing | None:
    """What a call lists; None when its answer has no list of structures."""
    shape = operation.output_shape
    if not isinstance(shape, StructureShape):
        return None
    for name, member in shape.members.items():
        if not (isinstance(member, ListShape) and isinstance(member.member, StructureShape)):
            continue
        path = (_tag(name, member), _tag("item", member.member))
        inner = _NESTED.get(operation.name)
        if inner is None:
            return Listing(path, member.member)
        nested = member.member.members[inner]
        inner_path = (_tag(inner, nested), _tag("item", nested.member))
        return Listing(path, member.member, inner_path, nested.member)
    return None


def other_names(operation: OperationModel) -> frozenset[str]:
    """The filters whose words are not those of what they are about."""
    return frozenset(_OTHER_NAMES.get(operation.name, ()))


@functools.lru_cache(4096)
def place(operation: OperationModel, name: str) -> Place | None:
    """Where the value of a filter is; None when the answer does not have it."""
    found = listing(operation)
    if found is None:
        return None
    asked = _OTHER_NAMES.get(operation.name, {}).get(name, name)
    prefix = f"{_forms(operation.name.removeprefix('Describe'), '')[-1]}."
    asked = asked.removeprefix(prefix)  # "instance.group-id" of instances
    for depth in range(_DEEPEST):
        path, leaf = next(_paths(found.inner_shape or found.shape, asked, depth), ((), None))
        if leaf is not None:
            return Place(path, leaf.type_name == "boolean")
    for name, member in found.shape.members.items() if found.inner_shape else ():
        if asked in _forms(name, _tag(name, member)):
            return Place((_tag(name, member),), member.type_name == "boolean", is_outer=True)
    return None


def _paths(shape: StructureShape, name: str, depth: int) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """Each way to a text called so, through at most `depth` members that the name leaves out."""
    for member_name, member in shape.members.items():
        inner, tags = _within(member_name, member)
        is_structure = isinstance(inner, StructureShape)
        for form in _forms(member_name, tags[0]):
            if name == form and not is_structure:
                yield tags, inner
            elif is_structure and name.startswith((f"{form}.", f"{form}-")):
                rest = _paths(inner, name[len(form) + 1 :], max(depth, 1))
                yield from ((tags + path, leaf) for path, leaf in rest)
    if depth:
        for member_name, member in shape.members.items():
            inner, tags = _within(member_name, member)
            if isinstance(inner, StructureShape) and tags[0] not in ("tagSet", "operator"):
                rest = _paths(inner, name, depth - 1)
                yield from ((tags + path, leaf) for path, leaf in rest)


def _within(name: str, member: Shape) -> tuple[Shape, tuple[str, ...]]:
    tag = _tag(name, member)
    if isinstance(member, ListShape):
        return member.member, (tag, _tag("item", member.member))
    return member, (tag,)


def _tag(name: str, shape: Shape) -> str:
    return str(shape.serialization.get("name", name))


@functools.lru_cache(4096)
def _forms(member_name: str, tag: str) -> Sequence[str]:
    """What a filter may call a member: its name or element, of several of them one."""
    names = [_kebab(member_name), _kebab(tag), _kebab(tag).removesuffix("-set")]
    names += [name.removesuffix("es") for name in names] + [
        name.removesuffix("s") for name in names
    ]
    last = [name.rpartition("-")[2] for name in names if name.endswith("addresses")]
    return tuple(dict.fromkeys([*names, *last]))


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
