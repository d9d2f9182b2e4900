"""What requests to Secrets Manager must give: names of its form, and a token for a new version.

Source: answers of the real Secrets Manager as they have been recorded; ClientRequestToken of
API_CreateSecret ("If you use ... the raw HTTP requests, you must generate ..."); the SDKs do.
"""

from __future__ import annotations

import json
import re

from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import SecretsManagerBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_BAD = "400 Bad Request"
_NAME = re.compile(r"[A-Za-z0-9/_+=.@!\-]+")
_VALUES = ("SecretString", "SecretBinary")
_NEEDS_TOKEN = {
    "CreateSecret": "InvalidRequestException",
    "PutSecretValue": "InvalidRequestException",
    "RotateSecret": "InvalidParameterException",
    "UpdateSecret": "InvalidRequestException",
}
"""By action, the error that AWS was recorded to answer without one."""

_moto_put_policy = SecretsManagerBackend.put_resource_policy


def install() -> None:
    moto_seams.replace(SecretsManagerBackend, put_resource_policy=_put_policy)


def require(request: ApiRequest) -> None:
    """Raise ApiError for a name that no secret can have, a missing token, and two values."""
    given = request.parameters
    name = str(given.get("SecretId") or given.get("Name") or "")
    if name and not name.startswith("arn:") and not _NAME.fullmatch(name):
        raise ApiError(
            _BAD,
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
            "following: -/_+=.@!",
        )
    values = [value for value in _VALUES if given.get(value)]
    makes_version = request.action != "UpdateSecret" or values
    if request.action in _NEEDS_TOKEN and makes_version and not given.get("ClientRequestToken"):
        raise ApiError(
            _BAD,
            _NEEDS_TOKEN[request.action],
            "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
        )
    if len(values) > 1:
        raise ApiError(
            _BAD,
            "InvalidParameterException",
            "You can't specify both a binary secret value and a string secret value in the same "
            "secret.",
        )


def _put_policy(self: SecretsManagerBackend, secret_id: str, policy: str) -> tuple[str, str]:
    """API_PutResourcePolicy: MalformedPolicyDocumentException."""
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not document.get("Statement"):
        raise SecretsManagerClientError(
            "MalformedPolicyDocumentException",
            "The resource policy is no JSON policy document with a Statement.",
        )
    answer: tuple[str, str] = _moto_put_policy(self, secret_id, policy)
    return answer
