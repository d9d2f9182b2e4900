"""The tags of a resource, by its ARN, and those of a role or user.

moto gathers those of most services for the Resource Groups Tagging API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.core.resource_tagging import TaggableResourcesMixin, iter_taggable_backends
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import elbv2_backends
from moto.iam.models import Role, User, iam_backends
from moto.ssm.models import ssm_backends


def of_resource(arn: str, account_id: str) -> Mapping[str, str]:
    """None of a resource that does not exist, or whose tags are not known."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return {}
    finder = _FINDERS.get(parts[2], _gathered)
    try:
        return finder(arn, account_id, parts[3])
    except KeyError:  # no region of moto's, or none: a global table's
        return {}


def are_known(arn: str, account_id: str) -> bool:
    """Whether a resource without a tag has none; it may be of a service whose tags are not seen."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] in _FINDERS:
        return True
    return any(True for _ in _owners(arn, account_id, parts[3]))


def _gathered(arn: str, account_id: str, region: str) -> Mapping[str, str]:
    for backend in _owners(arn, account_id, region):
        for resource in backend.iter_tagged_resources():
            if resource.arn == arn:
                return resource.tags
    return {}


def _owners(arn: str, account_id: str, region: str) -> Iterator[TaggableResourcesMixin]:
    backends = iter_taggable_backends(account_id, region or "us-east-1")
    return (backend for backend in backends if backend.owns_arn(arn))


def of_identity(identity: Role | User) -> Mapping[str, str]:
    if isinstance(identity, User):
        backend = iam_backends[identity.account_id]["aws"]
        return _pairs(backend.tagger.list_tags_for_resource(identity.arn)["Tags"])
    return _pairs(identity.tags)


def _pairs(tags: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags}


def _ec2(arn: str, account_id: str, region: str) -> Mapping[str, str]:
    return dict(ec2_backends[account_id][region].tags.get(arn.rpartition("/")[2], {}))


def _dynamodb(arn: str, account_id: str, region: str) -> Mapping[str, str]:
    name = arn.partition(":table/")[2].partition("/")[0]
    table = dynamodb_backends[account_id][region].tables.get(name)
    return _pairs(table.tags) if table else {}


def _auto_scaling(arn: str, account_id: str, region: str) -> Mapping[str, str]:
    groups = autoscaling_backends[account_id][region].autoscaling_groups.values()
    return next((_pairs(group.tags) for group in groups if group.arn == arn), {})


def _load_balancing(arn: str, account_id: str, region: str) -> Mapping[str, str]:
    backend = elbv2_backends[account_id][region]
    try:
        resource = backend._get_resource_by_arn(arn)
    except ELBClientError:
        return {}
    return dict(backend.tagging_service.get_tag_dict_for_resource(resource.arn))


def _iam(arn: str, account_id: str, region: str) -> Mapping[str, str]:  # noqa: ARG001 - IAM has none
    backend = iam_backends[account_id]["aws"]
    identities: list[Role | User] = [*backend.roles.values(), *backend.users.values()]
    return next((of_identity(each) for each in identities if each.arn == arn), {})


def _ssm(arn: str, account_id: str, region: str) -> Mapping[str, str]:
    name = arn.partition(":parameter/")[2]
    backend = ssm_backends[account_id][region]
    for spelt in (name, f"/{name}"):
        if backend.get_parameter(spelt):
            return {
                str(key): str(value)
                for key, value in backend.list_tags_for_resource("Parameter", spelt).items()
            }
    return {}


_FINDERS: dict[str, Callable[[str, str, str], Mapping[str, str]]] = {
    "autoscaling": _auto_scaling,
    "dynamodb": _dynamodb,
    "ec2": _ec2,
    "elasticloadbalancing": _load_balancing,
    "iam": _iam,
    "ssm": _ssm,
}
