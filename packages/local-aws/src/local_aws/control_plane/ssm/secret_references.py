"""Secrets that are read as parameters: each version of one is a version of its parameter.

Source: "Referencing Secrets Manager secrets from Parameter Store parameters" in the Systems Manager
User Guide; answers of the real Systems Manager as they have been recorded.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.exceptions import ParameterNotFound
from moto.ssm.models import Parameter, ParameterDict

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ssm.parameter_names import REFERENCES

_CURRENT = "AWSCURRENT"


def install() -> None:
    moto_seams.replace(ParameterDict, _get_secretsmanager_parameter=_versions)


def words_for(name: str) -> str:
    """What AWS says of a secret that is not there; of other parameters it says nothing."""
    return (
        f"An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret {name} "
        "not found."
    )


def _versions(self: ParameterDict, secret_name: str) -> list[Parameter]:
    """The current version last. Raises ParameterNotFound."""
    values = list(_values(self, secret_name))
    if not values:
        raise ParameterNotFound(words_for(f"{REFERENCES}{secret_name}"))
    values.sort(key=lambda value: _CURRENT in value["VersionStages"])
    return [_parameter(self, secret_name, value) for value in values]


def _values(self: ParameterDict, secret_name: str) -> Iterator[dict[str, Any]]:
    """GetSecretValue of each version that has a value; of none where the secret is not there."""
    backend = secretsmanager_backends[self.account_id][self.region_name]
    secret = backend.secrets.get(secret_name)
    for version_id in secret.versions if secret else ():
        with contextlib.suppress(SecretsManagerClientError):
            yield backend.get_secret_value(secret_name, version_id, "")


def _parameter(self: ParameterDict, secret_name: str, value: dict[str, Any]) -> Parameter:
    source = {
        "ARN": value["ARN"],
        "name": value["Name"],
        "versionId": value["VersionId"],
        "secretString": value.get("SecretString"),
        "versionStages": value["VersionStages"],
        "createdDate": value["CreatedDate"],
    }
    return Parameter(  # type: ignore[abstract] # as moto's own calls
        account_id=self.account_id,
        name=f"{REFERENCES}{secret_name}",
        value=value.get("SecretString", ""),
        parameter_type="SecureString",
        description=None,
        allowed_pattern=None,
        keyid=None,
        last_modified_date=value["CreatedDate"],
        version=0,
        data_type="text",
        labels=[value["VersionId"], *value["VersionStages"]],
        source_result=json.dumps(source),
    )
