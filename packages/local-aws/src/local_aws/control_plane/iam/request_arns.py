"""The ARNs of the resources that a request touches; "*" where the action knows none.

AWS: "Actions, resources, and condition keys for AWS services" in the Service Authorization
Reference. Actions that list or describe take "*" there, as they do here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from moto.autoscaling.models import autoscaling_backends

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import s3_actions

Finder = Callable[[ApiRequest, str], Iterator[Any]]
"""`finder(request, account_id)` yields the ARNs."""


def add_finder(service: str, finder: Finder) -> None:
    """Let a service whose resources are not moto's find their ARNs itself."""
    _FINDERS[service] = finder


def arns_of(request: ApiRequest, account_id: str) -> list[str]:
    """At least one entry; a request is allowed only when every one is."""
    finder = _FINDERS.get(request.service)
    return (list(finder(request, account_id)) if finder else []) or ["*"]


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
        yield _arn(bare, "ssm", request.region, account_id, f"parameter/{bare}")


def _ec2(request: ApiRequest, account_id: str) -> Iterator[str]:
    if request.action.startswith("Describe"):
        return
    kinds = {
        "InstanceId": "instance",
        "VolumeId": "volume",
        "GroupId": "security-group",
        "LaunchTemplateId": "launch-template",
        "KeyPairId": "key-pair",
        "VpcId": "vpc",
        "SubnetId": "subnet",
    }
    for name, value in request.parameters.items():
        kind = kinds.get(re.sub(r"\.\d+$", "", name))
        if kind:
            yield f"arn:aws:ec2:{request.region}:{account_id}:{kind}/{value}"


def _auto_scaling(request: ApiRequest, account_id: str) -> Iterator[str]:
    name = request.parameters.get("AutoScalingGroupName")
    if not name or request.action.startswith("Describe"):
        return
    group = autoscaling_backends[account_id][request.region].autoscaling_groups.get(name)
    unknown = f"autoScalingGroup:none:autoScalingGroupName/{name}"
    yield group.arn if group else _arn(name, "autoscaling", request.region, account_id, unknown)


def _load_balancing(request: ApiRequest, account_id: str) -> Iterator[str]:  # noqa: ARG001 - ARNs are given whole
    if not request.action.startswith("Describe"):
        for name, value in request.parameters.items():
            if re.fullmatch(r"(\w+Arn|\w+Arns\.member\.\d+)", name):
                yield value


def _iam(request: ApiRequest, account_id: str) -> Iterator[str]:
    kinds = {
        "RoleName": "role",
        "InstanceProfileName": "instance-profile",
        "UserName": "user",
        "GroupName": "group",
        "PolicyArn": "policy",
    }
    # Attaching a policy acts on the role; the policy's ARN is a condition key there.
    for name, kind in kinds.items():
        value = request.parameters.get(name)
        if value:
            yield _arn(value, "iam", "", account_id, f"{kind}/{value}")
            return


def _sts(request: ApiRequest, account_id: str) -> Iterator[str]:  # noqa: ARG001 - the ARN is given whole
    if request.parameters.get("RoleArn"):
        yield request.parameters["RoleArn"]


def _s3(request: ApiRequest, account_id: str) -> Iterator[str]:  # noqa: ARG001 - bucket names are global
    bucket, key = s3_actions.target_of(request)
    if bucket:
        yield f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _arn(name: str, service: str, region: str, account_id: str, resource: str) -> str:
    """The name itself when it is an ARN already."""
    return (
        name if name.startswith("arn:") else f"arn:aws:{service}:{region}:{account_id}:{resource}"
    )


_FINDERS: dict[str, Finder] = {
    "autoscaling": _auto_scaling,
    "dynamodb": _dynamodb,
    "ec2": _ec2,
    "elasticloadbalancing": _load_balancing,
    "iam": _iam,
    "s3": _s3,
    "ssm": _ssm,
    "sts": _sts,
}
