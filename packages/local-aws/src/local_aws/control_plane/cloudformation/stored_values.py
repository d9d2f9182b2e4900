"""What templates look up in the Parameter Store and in Secrets Manager."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import JsonRESTError, ServiceException
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from local_aws.control_plane.cloudformation import dynamic_references
from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceFailedError

_PARTS_OF_AN_ARN = 7
_LISTS = {False: "String", True: "StringList"}


def with_secrets(account_id: str, region: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties with the values of secrets in the place of dynamic references to them.

    Raises ResourceFailedError.
    """
    found: dict[str, Any] = dynamic_references.replaced(
        dict(properties),
        {
            dynamic_references.SECURE: functools.partial(secure, account_id, region),
            dynamic_references.SECRET: functools.partial(secret, account_id, region),
        },
    )
    return found


def for_parameter(account_id: str, region: str, name: str, *, is_list: bool) -> str:
    """The value behind a parameter of type AWS::SSM::Parameter::Value<...>.

    `name` may end in `:version`. Answers of AWS, as recorded: the two types must fit each other.
    Raises ValidationError.
    """
    found = _parameter(account_id, region, name)
    if found is None:
        raise ValidationError(
            message=f"Unable to fetch parameters [{name}] from parameter store for this account."
        )
    if found.parameter_type == "SecureString":
        raise ValidationError(
            message=f"Parameters [{name}] referenced by template have types not supported by "
            "CloudFormation."
        )
    if found.parameter_type != _LISTS[is_list]:
        raise ValidationError(
            message=f"Types for SSM parameters [{name}] defined in CFN template and SSM are "
            "incompatible"
        )
    return str(found.value)


def plain(account_id: str, region: str, key: str) -> str:
    """What a dynamic reference to ssm stands for. Raises ValidationError."""
    found = _parameter(account_id, region, key)
    if found is None:
        raise ValidationError(message=f"Parameters: [ssm:{key}] cannot be found.")
    if found.parameter_type == "SecureString":
        raise ValidationError(
            message=f"Non-secure ssm prefix was used for secure parameter {found.name}"
        )
    return str(found.value)


def secure(account_id: str, region: str, key: str) -> str:
    """What a dynamic reference to ssm-secure stands for. Raises ResourceFailedError."""
    found = _parameter(account_id, region, key)
    if found is None:
        raise ResourceFailedError(f"Parameters: [ssm-secure:{key}] cannot be found.")
    return str(
        found.decrypt(found.value) if found.parameter_type == "SecureString" else found.value
    )


def secret(account_id: str, region: str, key: str) -> str:
    """What a dynamic reference to secretsmanager stands for. Raises ResourceFailedError.

    AWS: secret-id:SecretString:json-key:version-stage:version-id, of which all but the first may be
    left out; the secret of another account or region is named by its ARN.
    """
    parts = key.split(":")
    if parts[0] == "arn":
        secret_id, rest = ":".join(parts[:_PARTS_OF_AN_ARN]), parts[_PARTS_OF_AN_ARN:]
        region, account_id = parts[3], parts[4]
    else:
        secret_id, rest = parts[0], parts[1:]
    _, json_key, stage, version_id = (*rest, "", "", "", "")[:4]
    text = _secret_string(account_id, region, secret_id, stage, version_id)
    return _member(text, json_key) if json_key else text


def _secret_string(
    account_id: str, region: str, secret_id: str, stage: str, version_id: str
) -> str:
    backend: Any = secretsmanager_backends[account_id][region]
    try:
        found = backend.get_secret_value(secret_id, version_id or None, stage or None)
    except JsonRESTError as error:
        raise ResourceFailedError(
            f"{error.message} (Service: AWSSecretsManager; Status Code: 400; Error Code: "
            f"{error.error_type}; Request ID: {uuid.uuid4()}; Proxy: null)"
        ) from error
    return str(found.get("SecretString", ""))


def _member(text: str, json_key: str) -> str:
    try:
        members = json.loads(text)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        raise ResourceFailedError("Could not parse SecretString JSON")
    if json_key not in members:
        raise ResourceFailedError("Could not find a value associated with JSONKey in SecretString")
    value = members[json_key]
    return value if isinstance(value, str) else json.dumps(value)


def _parameter(account_id: str, region: str, name: str) -> Any:
    """moto's object, None when there is no such parameter or version."""
    try:
        return ssm_backends[account_id][region].get_parameter(name)
    except ServiceException:
        return None
