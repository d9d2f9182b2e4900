"""ARNs as policies know them, where a request names a resource in another way.

A secret's name has no suffix, an alias stands for a key, a family for its newest revision. What
does not exist stays as the request names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.backends import get_backend
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends


def full(arn: str, action: str, account_id: str) -> str:
    """`action` is the one that is asked about: "GetSecretValue"."""
    parts = arn.split(":", 5)
    complete = _COMPLETIONS.get(parts[2]) if len(parts) == 6 else None
    if complete is None:
        return arn
    return ":".join([*parts[:5], complete(parts[5], action, account_id, parts[3])])


def _backend(service: str, account_id: str, region: str) -> Any:
    # Services that may never be used are imported with the first request about them.
    return get_backend(service)[account_id][region]  # type: ignore[call-overload]


def _secret(resource: str, action: str, account_id: str, region: str) -> str:
    """https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen"""
    if action == "CreateSecret":
        return f"{resource}-??????"
    secret = _backend("secretsmanager", account_id, region).secrets.get(
        resource.removeprefix("secret:")
    )
    return str(secret.arn.split(":", 5)[5]) if secret else resource


def _key(resource: str, action: str, account_id: str, region: str) -> str:
    """API_Encrypt, KeyId: a key's id or ARN, an alias' name or ARN; policies name the key."""
    if resource.startswith("key/alias/"):
        alias = resource.removeprefix("key/")
    elif resource.startswith("alias/") and "Alias" not in action:
        alias = resource
    else:
        return resource
    key_id = _backend("kms", account_id, region).get_key_id_from_alias(alias)
    return f"key/{key_id}" if key_id else resource


def _log_group(resource: str, action: str, account_id: str, region: str) -> str:  # noqa: ARG001
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html

    A log group ends in :* there, but for the calls about tags.
    """
    is_whole = ":log-stream:" in resource or resource.endswith(":*") or "Tag" in action
    return resource if is_whole or not resource.startswith("log-group:") else f"{resource}:*"


def _task_definition(resource: str, action: str, account_id: str, region: str) -> str:
    """API_RunTask, taskDefinition: without a revision the newest active one is meant."""
    found = re.fullmatch(r"task-definition/(?P<family>[^:]+)(:(?P<revision>[^:]+))?:\*", resource)
    if found is None or action == "RegisterTaskDefinition":
        return resource
    revisions = _backend("ecs", account_id, region).task_definitions.get(found["family"], {})
    return f"task-definition/{found['family']}:{found['revision'] or max(revisions, default='*')}"


def _function(resource: str, action: str, account_id: str, region: str) -> str:  # noqa: ARG001
    """API_Invoke, FunctionName: also as "account:function:name"."""
    return re.sub(r"function:\d{12}:function:", "function:", resource)


def _topic(resource: str, action: str, account_id: str, region: str) -> str:  # noqa: ARG001
    """A subscription's ARN is its topic's and an id; policies name the topic."""
    return resource.partition(":")[0]


def _rule(resource: str, action: str, account_id: str, region: str) -> str:  # noqa: ARG001
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-manage-iam-access.html"""
    return resource.replace("rule/default/", "rule/")


def _ec2(resource: str, action: str, account_id: str, region: str) -> str:
    kind, _, name = resource.partition("/")
    backend = ec2_backends[account_id][region]
    if kind == "launch-template" and not name.startswith("lt-"):
        return f"{kind}/{backend.launch_template_name_to_ids.get(name, '*')}"
    if kind == "security-group" and not name.startswith("sg-"):
        by_name = action != "CreateSecurityGroup" and backend.get_security_group_from_name(name)
        return f"{kind}/{by_name.id if by_name else '*'}"
    if kind == "key-pair" and name.startswith("key-"):
        pairs = backend.key_pairs.values()
        return f"{kind}/{next((pair.key_name for pair in pairs if pair.id == name), name)}"
    return resource


def _iam(resource: str, action: str, account_id: str, region: str) -> str:  # noqa: ARG001
    """With the path of what is there: role/service/name."""
    kind, _, name = resource.partition("/")
    backend = iam_backends[account_id]["aws"]
    stores: dict[str, Any] = {
        "group": backend.groups,
        "instance-profile": backend.instance_profiles,
        "role": backend.roles,
        "user": backend.users,
    }
    there = list(stores.get(kind, {}).values())
    found = next((each.arn for each in there if each.name == name), None)
    return str(found.split(":", 5)[5]) if found else resource


_COMPLETIONS: dict[str, Callable[[str, str, str, str], str]] = {
    "ec2": _ec2,
    "ecs": _task_definition,
    "events": _rule,
    "iam": _iam,
    "kms": _key,
    "lambda": _function,
    "logs": _log_group,
    "secretsmanager": _secret,
    "sns": _topic,
}
