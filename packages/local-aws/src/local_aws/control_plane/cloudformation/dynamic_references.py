"""Dynamic references: `{{resolve:service:key}}` within the text of a template.

AWS: "Get values stored in other services using dynamic references" in the CloudFormation User
Guide. They are looked up after the functions are evaluated. Each operation looks up again what ssm
names. Secrets (ssm-secure, secretsmanager) reach only the service, when it creates or changes the
resource: stacks, their events and their change sets hold the reference, and compare it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

PLAIN, SECURE, SECRET = "ssm", "ssm-secure", "secretsmanager"

Find = Callable[[str], str]
"""The value that a key stands for."""

_REFERENCE = re.compile(r"\{\{resolve:(?P<service>[\w-]+):(?P<key>[^{}]*)\}\}")
_PARAMETER = re.compile(r"[a-zA-Z0-9_.\-/]+(?P<version>:\d+)?")
_MAY_BE_SECURE = frozenset(
    f"AWS::{type_name}/Properties/{path}"
    for type_name, path in (
        ("DirectoryService::MicrosoftAD", "Password"),
        ("DirectoryService::SimpleAD", "Password"),
        ("ElastiCache::ReplicationGroup", "AuthToken"),
        ("IAM::User", "LoginProfile/Password"),
        ("KinesisFirehose::DeliveryStream", "RedshiftDestinationConfiguration/Password"),
        ("OpsWorks::App", "AppSource/Password"),
        ("OpsWorks::Stack", "CustomCookbooksSource/Password"),
        ("OpsWorks::Stack", "RdsDbInstances/DbPassword"),
        ("RDS::DBCluster", "MasterUserPassword"),
        ("RDS::DBInstance", "MasterUserPassword"),
        ("Redshift::Cluster", "MasterUserPassword"),
    )
)
"""AWS: "Resources that support dynamic parameter patterns for secure strings"."""


def replaced(value: Any, finders: Mapping[str, Find]) -> Any:
    """The value with what these services know in the place of each reference to them."""

    def found(match: re.Match[str]) -> str:
        find = finders.get(match["service"])
        return find(match["key"]) if find else match[0]

    if isinstance(value, str):
        return _REFERENCE.sub(found, value) if "{{resolve:" in value else value
    if isinstance(value, list):
        return [replaced(item, finders) for item in value]
    if isinstance(value, dict):
        return {name: replaced(inner, finders) for name, inner in value.items()}
    return value


def has_any(text: str) -> bool:
    """Whether there is a reference in a text, that of a whole template, say."""
    return "{{resolve:" in text


def plain_keys(value: Any) -> list[str]:
    """What the value looks up in the Parameter Store without it being secret."""
    return [key for _, service, key in _references(value, "") if service == PLAIN]


def without_version(keys: list[str]) -> list[str]:
    """Those that stand for the newest version of a parameter."""
    return [key for key in keys if ":" not in key]


def refusal(type_name: str, properties: Any, unknown: str) -> str | None:
    """Why a stack with these properties fails before any resource is created; None if it does not.

    They are evaluated, with `unknown` for what only the stack knows. Raises ValidationError for
    what is refused at once. Answers of AWS, as recorded: a secure string where none may be is
    refused at once with a version, and later without.
    """
    misplaced = []
    with_version = True
    for path, service, key in _references(properties, f"{type_name}/Properties"):
        if unknown in key:
            continue
        if service not in (PLAIN, SECURE, SECRET):
            raise ValidationError(message=f"The local AWS does not resolve {service} references")
        if service == SECRET:
            continue
        parameter = _PARAMETER.fullmatch(key)
        if not parameter:
            raise ValidationError(
                message="Incorrect format is used in the following SSM reference: "
                f"[{{{{resolve:{service}:{key}}}}}]"
            )
        if service == SECURE and path not in _MAY_BE_SECURE:
            misplaced.append(path)
            with_version &= parameter["version"] is not None
    if not misplaced:
        return None
    reason = f"SSM Secure reference is not supported in: [{','.join(misplaced)}]"
    if with_version:
        raise ValidationError(message=reason)
    return reason


def _references(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Each one's path, which ends at a list, its service and its key."""
    if isinstance(value, str):
        for match in _REFERENCE.finditer(value):
            yield path, match["service"], match["key"]
    elif isinstance(value, list):
        for item in value:
            for _, service, key in _references(item, path):
                yield path, service, key
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _references(inner, f"{path}/{name}")
