"""Requests for things that do not exist: one for each operation of a service, from its model."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

_ACCOUNT = "123456789012"
_SELECT = 'SELECT * FROM "missing"'

GIVEN: Mapping[str, Mapping[str, Any]] = {
    # What a service's model calls optional, although the call is about nothing without it.
    "autoscaling.CreateOrUpdateTags": {"Tags": [{"ResourceId": "missing", "Key": "a"}]},
    "autoscaling.DeleteTags": {"Tags": [{"ResourceId": "missing", "Key": "a"}]},
    "ec2.ModifySecurityGroupRules": {
        "GroupId": "sg-missing",
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": "sgr-missing",
                "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80},
            }
        ],
    },
    "iam.CreateServiceLinkedRole": {"AWSServiceName": "missing.amazonaws.com"},
    "ssm.GetPatchBaselineForPatchGroup": {"PatchGroup": "missing", "OperatingSystem": "WINDOWS"},
    "dynamodb.ExecuteStatement": {"Statement": _SELECT},
    "dynamodb.BatchExecuteStatement": {"Statements": [{"Statement": _SELECT}]},
    "dynamodb.ExecuteTransaction": {"TransactStatements": [{"Statement": _SELECT}]},
    "dynamodb.TransactWriteItems": {
        "TransactItems": [{"Delete": {"TableName": "missing", "Key": {"Id": {"S": "a"}}}}]
    },
    "dynamodb.CreateTable": {
        "TableName": "missing",
        "KeySchema": [{"AttributeName": "missing", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
    },
}

UNMAKEABLE = {
    "AssumeRoleWithSAML": "needs an assertion that an identity provider signed",
    "CreateSAMLProvider": "needs a document of an identity provider",
    "CreateCloudConnector": "needs another cloud's configuration",
}


def requests(model: Any, resources: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation's name and the parameters that it requires, all naming missing things.

    `model` is botocore's model of a service; `resources` keeps the operations on these only.
    """
    for name in model.operation_names:
        if name in UNMAKEABLE or not (not resources or name.endswith(resources)):
            continue
        shape = model.operation_model(name).input_shape
        generated = _value(shape, name, model.service_name) if shape else {}
        yield name, dict(GIVEN.get(f"{model.service_name}.{name}", generated))


def _value(shape: Any, name: str, service: str) -> Any:
    """`name` is the operation's, which no other one uses, with the members' down to this one."""
    match shape.type_name:
        case "structure":
            return {
                member: _value(shape.members[member], f"{name}-{member}", service)
                for member in shape.required_members
            }
        case "list":
            return [_value(shape.member, name, service)]
        case "map":
            return {"missing": _value(shape.value, name, service)}
        case "string":
            return _text(shape, name, service)
        case "integer" | "long":
            return max(1, shape.metadata.get("min", 1))
        case "float" | "double":
            return 1.0
        case "boolean":
            return True
        case "timestamp":
            return datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
        case _:
            return b"missing"


def _text(shape: Any, name: str, service: str) -> str:
    if shape.enum:
        return str(shape.enum[0])
    if name.lower().endswith(("arn", "arns")):
        return f"arn:aws:{service}:us-east-1:{_ACCOUNT}:missing/missing"
    text = f"missing-{name[:12]}-{name.lower()[-20:]}".ljust(shape.metadata.get("min", 1), "x")
    return text[: shape.metadata.get("max", 40)]
