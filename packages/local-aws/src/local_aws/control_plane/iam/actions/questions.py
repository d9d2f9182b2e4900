"""What a caller needs to be allowed: each action on each resource of a request.

Most requests are one action of their own name on the resources that they name. AWS: "Actions,
resources, and condition keys for AWS services"; for transactions and PartiQL "IAM policies to allow
DynamoDB transactions" and "IAM security policies with PartiQL for DynamoDB"; for tags given to what
is being made "Grant permission to tag Amazon EC2 resources during creation".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import OperationModel, StructureShape
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import User

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.actions import request_arns, s3_actions
from local_aws.control_plane.iam.policy_language.conditions import Context
from local_aws.control_plane.iam.sessions.callers import Caller

_PREFIXES = {
    "email": "ses",
    "iotdata": "iot",
    "monitoring": "cloudwatch",
    "tagging": "tag",
}
"""Where the name in an IAM action is not the one in the signature."""
_ACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("batch", "CancelJobs"): ("CancelJob",),
    ("batch", "TerminateJobs"): ("TerminateJob",),
    ("kms", "ReEncrypt"): ("ReEncryptFrom", "ReEncryptTo"),
    ("lambda", "GetLayerVersionByArn"): ("GetLayerVersion",),
    ("lambda", "Invoke"): ("InvokeFunction",),
    ("lambda", "InvokeWithResponseStream"): ("InvokeFunction",),
    ("sns", "PublishBatch"): ("Publish",),
    ("sqs", "ChangeMessageVisibilityBatch"): ("ChangeMessageVisibility",),
    ("sqs", "DeleteMessageBatch"): ("DeleteMessage",),
    ("sqs", "SendMessageBatch"): ("SendMessage",),
    ("sqs", "StartMessageMoveTask"): (
        "StartMessageMoveTask",
        "DeleteMessage",
        "GetQueueAttributes",
        "ReceiveMessage",
    ),
}
"""Where an operation needs other actions than the one of its name."""
_TRANSACTED = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_PARTIQL = re.compile(
    r"\s*(?P<verb>SELECT|INSERT|UPDATE|DELETE)\b(?:.*?\b(?:FROM|INTO)\b)?"
    r"\s*\"?(?P<table>[\w.-]+)\"?(?:\.\"?(?P<index>[\w.-]+)\"?)?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Question:
    """May the caller do `action`, "sqs:SendMessage", with the resource `arn`?

    `keys` are condition keys of this question only; `version` is that of S3's object, None for
    the current one. A request is carried out without what `is_part` of it and refused.
    """

    action: str
    arn: str
    keys: Context = field(default_factory=dict)
    version: str | None = None
    is_part: bool = False


def of(request: ApiRequest, members: Mapping[str, Any], account_id: str) -> list[Question]:
    """All of them need to be answered with yes, but for parts. `members` are what it gives."""
    if request.service == "s3" and "x-amz-account-id" not in request.headers:
        return [
            Question(f"s3:{name or 'Unknown'}", arn, _of_version(version), version, is_part)
            for name, arn, version, is_part in s3_actions.asked(request)
        ]
    if request.service == "dynamodb":
        transacted = list(_transacted(request, account_id))
        if transacted:
            return transacted
    if request.service == "apigateway":  # IAM knows methods and paths there
        return [
            Question(
                f"apigateway:{request.method}",
                f"arn:aws:apigateway:{request.region}::{request.path}",
            )
        ]
    asked = [
        Question(action, arn)
        for action in actions_of(request)
        for arn in request_arns.arns_of(request, action, members, account_id)
    ]
    return asked + (
        list(_tagged(request, members, account_id)) if _tags_what_it_makes(request) else []
    )


def _of_version(version: str | None) -> Context:
    return {"s3:versionid": [version]} if version else {}


def actions_of(request: ApiRequest) -> list[str]:
    """IAM's names, with the service's: a REST request that no model has is "Unknown"."""
    prefix = _PREFIXES.get(request.service, request.service)
    name = request.action
    if not name:
        operation = api_operation.of(request)
        name = operation.name if operation else "Unknown"
    return [f"{prefix}:{each}" for each in _ACTIONS.get((prefix, name), (name,))]


def members_of(request: ApiRequest, caller: Caller) -> Mapping[str, Any]:
    """What a request gives, and what the launch template that it names gives for it.

    IAM's API Reference: who names no user means the one who calls.
    """
    operation = api_operation.of(request)
    if operation is None:
        return {}
    members = api_operation.members_of(request, operation)
    if request.service == "ec2" and request.action == "RunInstances":
        template = members.get("LaunchTemplate") or {}
        return {**_template_data(template, request.region, caller.account_id), **members}
    if request.service == "iam" and _means_caller(operation) and isinstance(caller.identity, User):
        return {"UserName": caller.identity.name, **members}
    return members


def _means_caller(operation: OperationModel) -> bool:
    shape = operation.input_shape
    return (
        isinstance(shape, StructureShape)
        and "UserName" in shape.members
        and "UserName" not in shape.required_members
    )


def _template_data(template: Mapping[str, str], region: str, account_id: str) -> Mapping[str, Any]:
    backend = ec2_backends[account_id][region]
    try:
        if "LaunchTemplateId" in template:
            found = backend.get_launch_template(template["LaunchTemplateId"])
        elif "LaunchTemplateName" in template:
            found = backend.get_launch_template_by_name(template["LaunchTemplateName"])
        else:
            return {}
        data: Mapping[str, Any] = found.get_version(template.get("Version", "$Default")).data
    except EC2ClientError:  # one that does not exist: the call will say so
        return {}
    return data


def _transacted(request: ApiRequest, account_id: str) -> Iterator[Question]:
    """The single actions of a transaction, and of statements in PartiQL."""
    tables = f"arn:aws:dynamodb:{request.region}:{account_id}:table/"
    keys: Context = {"dynamodb:enclosingoperation": [request.action]}
    if request.action in ("TransactGetItems", "TransactWriteItems"):
        for item in request.parameters.get("TransactItems") or ():
            for name, part in item.items():
                table = str(part.get("TableName", "*")).removeprefix(tables)
                action = f"dynamodb:{_TRANSACTED.get(name, 'Unknown')}"
                yield Question(action, f"{tables}{table}", keys)
    given = request.parameters
    for statement in (
        *([given] if request.action == "ExecuteStatement" else ()),
        *(given.get("Statements", ()) if request.action == "BatchExecuteStatement" else ()),
        *(given.get("TransactStatements", ()) if request.action == "ExecuteTransaction" else ()),
    ):
        found = _PARTIQL.match(str(statement.get("Statement", "")))
        verb = found["verb"].title() if found else "Unknown"
        index = f"/index/{found['index']}" if found and found["index"] else ""
        table = found["table"] if found else "*"
        enclosed = keys if request.action == "ExecuteTransaction" else {}
        yield Question(f"dynamodb:PartiQL{verb}", f"{tables}{table}{index}", enclosed)


def _tags_what_it_makes(request: ApiRequest) -> bool:
    return request.service == "ec2" and any(
        name.startswith("TagSpecification.") for name in request.parameters
    )


def _tagged(request: ApiRequest, members: Mapping[str, Any], account_id: str) -> Iterator[Question]:
    for given in members.get("TagSpecifications", ()):
        kind = given.get("ResourceType", "*")
        owner = "" if kind in ("image", "snapshot") else account_id
        arn = f"arn:aws:ec2:{request.region}:{owner}:{kind}/*"
        yield Question("ec2:CreateTags", arn, {"ec2:createaction": [request.action]})
