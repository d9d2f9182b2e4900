"""The condition keys of single services, and which of them have no value here.

Most are named after a member of the request: ec2:InstanceType, iam:PolicyARN, sns:Protocol; S3's
after a header or a part of the URL's query. Which keys an action has says the Service Authorization
Reference; a key that it does not have is one that the request lacks, as on AWS.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from botocore.model import StructureShape
from moto.core.models import DEFAULT_ACCOUNT_ID

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.actions import service_authorization
from local_aws.control_plane.iam.actions.arn_templates import plain
from local_aws.control_plane.iam.actions.questions import Question
from local_aws.control_plane.iam.identities import permissions_boundaries
from local_aws.control_plane.iam.request_context import condition_keys, object_tags, resource_tags

_OF_S3_QUERIES = {"s3:max-keys": "max-keys", "s3:versionid": "versionId"}
_ABSENT = frozenset({"kms:viaservice", "kms:grantisforawsresource", "secretsmanager:resource"})
"""Keys of calls that one service makes for another."""
_ITEMS = frozenset(
    {
        "dynamodb:attributes",
        "dynamodb:enclosingoperation",
        "dynamodb:fulltablescan",
        "dynamodb:leadingkeys",
        "dynamodb:returnconsumedcapacity",
        "dynamodb:returnvalues",
        "dynamodb:select",
    }
)


def of_action(
    request: ApiRequest, action: str, members: Mapping[str, Any], account_id: str
) -> dict[str, list[str]]:
    """Those of an action, "ec2:RunInstances", by their names in lower case."""
    service, _, _ = action.partition(":")
    keys: dict[str, list[str]] = {}
    if service == "s3":
        return _of_s3(request, account_id)
    given = {plain(name): value for name, value in members.items()}
    for key, kind in documented(action).items():
        name = plain(key.partition(":")[2])
        if key.startswith(f"{service}:") and name in given:
            values = list(_texts(given[name]))
            if kind != "ARN" or all(value.startswith("arn:") for value in values):
                keys[key] = values
    keys[f"{service}:region"] = [request.region]
    if service == "kms":
        keys["kms:calleraccount"] = [account_id]
    if boundary := service == "iam" and permissions_boundaries.of_request(members, account_id):
        keys[permissions_boundaries.KEY] = [boundary]
    return keys


def with_tags(context: Mapping[str, Any], service: str) -> dict[str, Any]:
    """Services name the global keys of tags after themselves, too: ec2:ResourceTag/Name.

    What STS's actions are about are IAM's roles.
    """
    owner = "iam" if service == "sts" else service
    names = {
        name: f"{owner}:{name.removeprefix('aws:')}"
        for name in context
        if name.startswith(("aws:resourcetag/", "aws:requesttag/"))
    }
    return {**context, **{alias: context[name] for name, alias in names.items()}}


def is_evaluated(
    request: ApiRequest, question: Question, members: Mapping[str, Any], key: str
) -> bool:
    """Whether a request that has no value for the key lacks it: the local AWS would know one."""
    service, action = key.partition(":")[0], question.action
    if ":resourcetag/" in key:
        return resource_tags.are_known(question.arn, DEFAULT_ACCOUNT_ID)
    if service == "aws":
        return key.partition("/")[0] in condition_keys.EVALUATED
    if "." in service or service == "saml":  # keys of other identity providers' users
        return True
    if ":requesttag/" in key or key in _ABSENT or key in _ITEMS or object_tags.is_key(key):
        return True
    if key == permissions_boundaries.KEY:
        return True
    if not _is_among(key, documented(action)):
        return _is_among(key, service_authorization.condition_keys(service))
    name = plain(key.partition(":")[2])
    if service == "s3":
        return key in _S3_KEYS or name.startswith("xamz")
    operation = api_operation.of(request)
    is_of_action = operation is not None and operation.name == action.partition(":")[2]
    if operation is None or not (is_of_action or service == "sts"):  # AssumeRole is of several
        return False
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return False
    return name in map(plain, shape.members) and name not in map(plain, members)


@functools.lru_cache(1024)
def documented(action: str) -> Mapping[str, str]:
    """An action's condition keys, with their types; a variable part is ${...}."""
    service, _, name = action.partition(":")
    known = service_authorization.action(service, name)
    if known is None:
        return {}
    keys = set(known.condition_keys)
    for use in known.uses:
        keys |= use.condition_keys | use.type.condition_keys
    types = service_authorization.condition_keys(service)
    return {key: types.get(key, "String") for key in keys}


def _is_among(key: str, keys: Mapping[str, str]) -> bool:
    return key in keys or any(
        key.startswith(each.partition("$")[0]) for each in keys if "${" in each
    )


_S3_KEYS = frozenset(
    {"s3:authtype", "s3:delimiter", "s3:prefix", "s3:resourceaccount", *_OF_S3_QUERIES}
)


def _of_s3(request: ApiRequest, account_id: str) -> dict[str, list[str]]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html"""
    auth_type = "REST-QUERY-STRING" if request.is_presigned else "REST-HEADER"
    keys = {"s3:authtype": [auth_type], "s3:resourceaccount": [account_id]}
    for key in _S3_KEYS:
        name = _OF_S3_QUERIES.get(key, key.removeprefix("s3:"))
        if name in request.url_parameters:
            keys[key] = [request.url_parameters[name]]
    headers = request.headers.items()
    return keys | {f"s3:{name}": [value] for name, value in headers if name.startswith("x-amz-")}


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [
        str(each).lower() if isinstance(each, bool) else str(each)
        for each in values
        if isinstance(each, str | int | float | bool)
    ]
