"""The ARNs of what a request is about, by the Service Authorization Reference's templates.

A template's variable, ${QueueName}, is looked for among the members that the request gives: under
its own name, its base with the endings that AWS's APIs use (QueueUrl, ClusterIdentifier,
AlarmNames), or under those of its resource type. What a request cannot name, since the service
makes it up, is "*", as AWS's own messages show it (subnet/*).
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_aws.control_plane.iam.actions.service_authorization import Action, Use

Given = Mapping[str, Sequence[str]]
"""A request's texts by the names of their members, in lower case and without separators."""

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_ENDING = re.compile(r"(name|identifier|id|arn)?(withpath)?$")
_FORMS = (
    *("", "name", "id", "identifier", "arn", "url"),
    *("s", "names", "ids", "identifiers", "arns", "idlist", "namelist", "list"),
)
_PREFIXES = ("", "db", "cache")
"""RDS's and ElastiCache's APIs say DBSnapshotIdentifier where IAM says SnapshotName."""
_PLAIN = (
    "name",
    "names",
    "id",
    "ids",
    "arn",
    "identifier",
    "resourcearn",
    "resourceid",
    "resource",
)
"""What APIs call the one thing that an action is about."""
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "DbClusterInstanceName": ("dbclusteridentifier",),
    "IdentityName": ("source", "fromemailaddress", "emailaddress", "emailidentity", "domain"),
    "KeyId": ("targetkeyid",),
    "KeyPairName": ("keyname", "keynames"),
    "SecurityGroupId": ("groupid", "groupids", "groupname", "groupnames"),
    "TaskDefinitionFamilyName": ("family", "taskdefinition"),
}
_DEFAULTS = {"ecs:ClusterName": "default", "events:EventBusName": "default"}
_CREATES = re.compile(r"(Create|Run|Allocate|Import|Copy|Request|Register|Purchase|Put)[A-Z]")
_DEEPEST = 3


@dataclass(frozen=True)
class Scope:
    """Whose resources are meant: IAM's name of the service, the region and the account."""

    service: str
    region: str
    account_id: str


def given(members: Mapping[str, Any]) -> Given:
    """The texts of a request's members, and of those within them."""
    found: dict[str, list[str]] = {}
    for name, text in _texts(members, _DEEPEST):
        found.setdefault(plain(name), []).append(text)
    return found


@functools.lru_cache(4096)
def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def arns(action: Action, name: str, members: Given, scope: Scope) -> list[str]:
    """The resources of `name`, an action such as "SendMessage"; none where it is about none."""
    required = [use for use in action.uses if use.is_required]
    is_alone = len(required or action.uses) == 1
    found = {
        use.type.name: arns
        for use in action.uses
        if (arns := _of_type(use, name, members, scope, is_alone=is_alone))
    }
    for use in action.uses:
        if any(_is_general(use, other) for other in action.uses if other.type.name in found):
            found.pop(use.type.name, None)
    unnamed = [use for use in required if use.type.name not in found]
    if not _CREATES.match(name):  # of several that may be there, it names those that it means
        unnamed = [] if found else unnamed[:1]
    made = [_filled(use.type.templates[0], {}, scope) for use in unnamed]
    return list(dict.fromkeys([*itertools.chain(*found.values()), *made]))


def _is_general(use: Use, other: Use) -> bool:
    """Whether the other names more closely what it names: a rule of a bus, a rule."""
    one, another = use.type.templates[0], other.type.templates[0]
    same = one.partition("/")[0] == another.partition("/")[0]
    return same and set(_variables(one)) < set(_variables(another)) and not use.is_required


def _of_type(
    use: Use, action: str, members: Given, scope: Scope, *, is_alone: bool
) -> Sequence[str]:
    for template in use.type.templates:
        shape = _shape(template)
        whole = [text for texts in members.values() for text in texts if shape.fullmatch(text)]
        if whole:
            return whole
        variables = _variables(template)
        values: dict[str, Sequence[str]] = _defaults(scope.service, variables)
        for variable in variables:
            names = _names(variable, use.type.name)
            if variable == variables[-1]:
                bases = {_base(variable), _base(use.type.name)} - {""}
                is_meant = is_alone or any(base in plain(action) for base in bases)
                names += _PLAIN if is_meant else ()
            texts = next((members[each] for each in names if each in members), None)
            if texts:
                values[variable] = [_bare(text, use.type.name) for text in texts]
        is_known = variables[:1] == tuple(values)[:1] if use.is_required else bool(values)
        if is_known and (use.is_required or len(values) == len(variables)):
            return [
                _filled(template, dict(zip(values, chosen, strict=True)), scope)
                for chosen in itertools.product(*values.values())
            ]
    return ()


@functools.lru_cache(4096)
def _names(variable: str, type_name: str) -> tuple[str, ...]:
    """The members that may hold a variable."""
    own, of_type = _base(variable), _base(type_name)
    bases = [own] if own else [of_type]
    if of_type.endswith(own):
        bases.append(of_type)
    names = [f"{prefix}{base}{form}" for base in bases for prefix in _PREFIXES for form in _FORMS]
    return (plain(variable), *_OTHER_NAMES.get(variable, ()), *filter(None, names))


def _base(name: str) -> str:
    return _ENDING.sub("", plain(name), count=1)


@functools.lru_cache(4096)
def _variables(template: str) -> tuple[str, ...]:
    scope = ("Partition", "Region", "Account")
    return tuple(each for each in _VARIABLE.findall(template) if each not in scope)


@functools.lru_cache(4096)
def _shape(template: str) -> re.Pattern[str]:
    """What an ARN of the type looks like."""
    parts = _VARIABLE.split(template)
    texts = [re.escape(part) if at % 2 == 0 else "[^:]*" for at, part in enumerate(parts)]
    scope, own = texts[:-2], texts[-2:]
    return re.compile("".join(scope) + "".join(own).replace("[^:]*", ".+"))


def _filled(template: str, values: Mapping[str, str], scope: Scope) -> str:
    known = {"Partition": "aws", "Region": scope.region, "Account": scope.account_id, **values}
    return _VARIABLE.sub(lambda match: known.get(match[1], "*"), template)


def _defaults(service: str, variables: Sequence[str]) -> dict[str, Sequence[str]]:
    if service == "events" and len(variables) > 1:
        return {}  # a rule of the default bus has an ARN without it
    names = {each: f"{service}:{each}" for each in variables}
    return {each: [_DEFAULTS[name]] for each, name in names.items() if name in _DEFAULTS}


def _bare(text: str, type_name: str) -> str:
    """The name alone, of an ARN, a URL or a path such as /hostedzone/Z1."""
    if text.startswith("arn:"):
        resource = text.split(":", 5)[-1]
        return re.split("[:/]", resource, maxsplit=1)[-1].removesuffix(":*")
    if text.startswith(("https://", "http://")):
        return text.rpartition("/")[2]
    return text.removeprefix(f"/{type_name}/").removeprefix(f"{type_name}/")


def _texts(members: Mapping[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    for name, value in members.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str | int) and not isinstance(each, bool):
                yield name, str(each)
            elif isinstance(each, Mapping) and depth > 1:
                # What is deeper counts by a name of its own only.
                inner = _texts(each, depth - 1)
                yield from ((key, text) for key, text in inner if plain(key) not in _PLAIN)
