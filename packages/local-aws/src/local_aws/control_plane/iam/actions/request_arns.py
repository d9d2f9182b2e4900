"""The ARNs of the resources that a request touches; none where its action knows none.

Most are made of the templates that AWS publishes (arn_templates.py); here are those of services
whose requests need to be understood, and of those that are asked most.
AWS: "Actions, resources, and condition keys for AWS services" in the Service Authorization
Reference.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from local_aws.control_plane import move_task_handles
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.actions import arn_templates, full_arns, service_authorization

Finder = Callable[[ApiRequest, str], Iterator[Any]]
"""`finder(request, account_id)` yields the ARNs."""


def add_finder(service: str, finder: Finder) -> None:
    """Let a service that rests on IAM, and whose resources are not moto's, find their ARNs."""
    _FINDERS[service] = finder


def arns_of(
    request: ApiRequest,
    action: str,
    members: Mapping[str, Any],
    account_id: str,
) -> list[str]:
    """At least one entry, "*" where there is none; a request needs to be allowed for each.

    `action` is IAM's, as "sqs:SendMessage". `members` are what the request gives, by the names of
    botocore's model.
    """
    finder = _FINDERS.get(request.service)
    found = list(finder(request, account_id)) if finder else []
    return found or _by_templates(request, action, members, account_id) or ["*"]


def _by_templates(
    request: ApiRequest,
    action: str,
    members: Mapping[str, Any],
    account_id: str,
) -> list[str]:
    service, _, name = action.partition(":")
    known = service_authorization.action(service, name)
    if known is None or not known.uses:
        return []
    scope = arn_templates.Scope(service, request.region, account_id)
    given = arn_templates.given(members)
    if service == "ec2" and name in ("CreateTags", "DeleteTags"):
        tagged = given.get("resources", given.get("resourceid", []))
        found = [_of_ec2(each, request.region, account_id) for each in tagged]
    else:
        found = arn_templates.arns(known, name, given, scope)
    if service == "iam" and name.startswith("Create") and "path" in given:
        found = [_with_path(arn, given["path"][0]) for arn in found]
    return list(dict.fromkeys(full_arns.full(arn, name, account_id) for arn in found))


_KINDS = {
    "flow-logs": "vpc-flow-log",
    "managed-prefix-list": "prefix-list",
    "nat-gateway": "natgateway",
    "vpc-elastic-ip": "elastic-ip",
}
"""Where IAM's name for what an id begins with is not moto's."""


def _of_ec2(resource_id: str, region: str, account_id: str) -> str:
    """The ARN of what an id such as "i-0abc" names."""
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(resource_id) or "", "*")
    owner = "" if kind in ("image", "snapshot") else account_id
    return f"arn:aws:ec2:{region}:{owner}:{_KINDS.get(kind, kind)}/{resource_id}"


def _with_path(arn: str, path: str) -> str:
    """IAM's names have their path before them: role/service/name."""
    kind, _, name = arn.partition("/")
    return "/".join([kind, *filter(None, path.split("/")), name])


def _dynamodb(request: ApiRequest, account_id: str) -> Iterator[str]:
    names = [request.parameters.get("TableName")]
    items = request.parameters.get("RequestItems", {})
    names.extend(items if isinstance(items, dict) else [])
    for item in request.parameters.get("TransactItems", []):
        names.extend(operation.get("TableName") for operation in item.values())
    index = request.parameters.get("IndexName")
    for name in dict.fromkeys(filter(None, names)):
        table = _arn(name, "dynamodb", request.region, account_id, f"table/{name}")
        yield f"{table}/index/{index}" if index else table
    resource = request.parameters.get("ResourceArn")
    if resource:
        yield str(resource)


def _ec2(request: ApiRequest, account_id: str) -> Iterator[str]:
    """An association of an instance profile is no resource: its instance is."""
    wanted = request.parameters.get("AssociationId")
    if "IamInstanceProfile" in request.action and wanted:
        backend = ec2_backends[account_id][request.region]
        for instance_id, each in backend.iam_instance_profile_associations.items():
            if each.association_id == wanted:
                yield _of_ec2(instance_id, request.region, account_id)


def _sqs(request: ApiRequest, account_id: str) -> Iterator[str]:  # noqa: ARG001 - a Finder
    """A move task is of the queue whose dead letters it moves, which its handle names."""
    if request.action == "StartMessageMoveTask":
        yield from filter(None, [request.parameters.get("SourceArn")])
    elif request.action == "CancelMessageMoveTask":
        with contextlib.suppress(ValueError):
            yield move_task_handles.read(str(request.parameters.get("TaskHandle")))[1]


def _ssm(request: ApiRequest, account_id: str) -> Iterator[str]:
    if "Parameter" not in request.action:
        for instance_id in request.parameters.get("InstanceIds", []):
            yield f"arn:aws:ec2:{request.region}:{account_id}:instance/{instance_id}"
        document = request.parameters.get("DocumentName")
        if document:
            yield _arn(document, "ssm", request.region, account_id, f"document/{document}")
        return
    given = request.parameters
    names = [given.get("Name"), given.get("Path"), *given.get("Names", [])]
    for name in filter(None, names):
        # A name may carry ":version" or ":label", which is no part of the resource.
        bare = name if name.startswith("arn:") else name.partition(":")[0].strip("/")
        # AWS's own parameters are in no account's ARN.
        owner = "" if bare.startswith("aws/service/") else account_id
        yield _arn(bare, "ssm", request.region, owner, f"parameter/{bare}")


def _auto_scaling(request: ApiRequest, account_id: str) -> Iterator[str]:
    name = request.parameters.get("AutoScalingGroupName")
    if not name or request.action.startswith("Describe"):
        return
    group = autoscaling_backends[account_id][request.region].autoscaling_groups.get(name)
    unknown = f"autoScalingGroup:none:autoScalingGroupName/{name}"
    yield group.arn if group else _arn(name, "autoscaling", request.region, account_id, unknown)


def _load_balancing(request: ApiRequest, account_id: str) -> Iterator[str]:
    """Of what is being made; everything else is named by its ARN."""
    name = request.parameters.get("Name")
    kinds = {"network": "net", "gateway": "gwy"}
    kind = kinds.get(request.parameters.get("Type", ""), "app")
    made = {"CreateLoadBalancer": f"loadbalancer/{kind}", "CreateTargetGroup": "targetgroup"}
    if name and request.action in made:
        resource = f"{made[request.action]}/{name}/*"
        yield _arn(name, "elasticloadbalancing", request.region, account_id, resource)


def _kms(request: ApiRequest, account_id: str) -> Iterator[str]:
    """API_Decrypt, KeyId: what is encrypted names its key; moto writes it before the rest."""
    if request.action in ("Decrypt", "ReEncrypt") and "KeyId" not in request.parameters:
        try:
            encrypted = base64.b64decode(str(request.parameters.get("CiphertextBlob", "")))
        except ValueError:
            return
        key_id = encrypted[:_KEY_ID_LENGTH].decode(errors="replace")
        yield _arn(key_id, "kms", request.region, account_id, f"key/{key_id}")


def _arn(name: str, service: str, region: str, account_id: str, resource: str) -> str:
    """The name itself when it is an ARN already."""
    return (
        name if name.startswith("arn:") else f"arn:aws:{service}:{region}:{account_id}:{resource}"
    )


_KEY_ID_LENGTH = 36

_FINDERS: dict[str, Finder] = {
    "autoscaling": _auto_scaling,
    "dynamodb": _dynamodb,
    "ec2": _ec2,
    "kms": _kms,
    "elasticloadbalancing": _load_balancing,
    "sqs": _sqs,
    "ssm": _ssm,
}
