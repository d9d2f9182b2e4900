"""AWS::SecretsManager::SecretTargetAttachment: how to connect, beside a user and a password."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi

_OF_A_CONNECTION = frozenset(
    {"dbClusterIdentifier", "dbInstanceIdentifier", "dbname", "engine", "host", "port"}
)
_TARGETS = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")


class SecretTarget(ResourceByApi):
    """A secret gets the members of a connection, and loses them with the attachment.

    AWS: "AWS::SecretsManager::SecretTargetAttachment" in the CloudFormation Template Reference: Ref
    is the secret's ARN. "JSON structure of AWS Secrets Manager secrets" in its User Guide.
    """

    changing_properties = frozenset({"SecretId", "TargetId", "TargetType"})

    def require_emulated(self, properties: Properties) -> None:
        kind = properties.get("TargetType")
        if kind not in (None, *_TARGETS):
            raise ValidationError(
                message=f"TargetType {kind} of {self.name} is not emulated by the local AWS: it "
                f"connects to {' and '.join(_TARGETS)}."
            )

    def create(self, place: Place, properties: Properties) -> str:
        secret_id = properties["SecretId"]
        return _put(place, secret_id, _connection(place, properties))

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        if old["SecretId"] != new["SecretId"]:
            _put(place, model, {})
        return self.create(place, new)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        _put(place, model, {})


def _put(place: Place, secret_id: str, connection: Mapping[str, Any]) -> str:
    secrets = Api(place, "secretsmanager")
    found = secrets.get_secret_value(SecretId=secret_id)
    members = _members(found["SecretString"])
    kept = {name: value for name, value in members.items() if name not in _OF_A_CONNECTION}
    secrets.put_secret_value(SecretId=secret_id, SecretString=json.dumps({**kept, **connection}))
    return str(found["ARN"])


def _members(text: str) -> Mapping[str, Any]:
    try:
        members = json.loads(text)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        raise ResourceFailedError("The secret that is attached to a target must be a JSON object.")
    return members


def _connection(place: Place, properties: Properties) -> dict[str, Any]:
    rds, target_id = Api(place, "rds"), properties["TargetId"]
    if properties["TargetType"] == "AWS::RDS::DBCluster":
        [cluster] = rds.describe_db_clusters(DBClusterIdentifier=target_id)["DBClusters"]
        name = cluster.get("DatabaseName")
        found = {
            "dbClusterIdentifier": cluster["DBClusterIdentifier"],
            "engine": _engine(cluster["Engine"]),
            "host": cluster["Endpoint"],
            "port": cluster["Port"],
        }
    else:
        [instance] = rds.describe_db_instances(DBInstanceIdentifier=target_id)["DBInstances"]
        name = instance.get("DBName")
        found = {
            "dbInstanceIdentifier": instance["DBInstanceIdentifier"],
            "engine": _engine(instance["Engine"]),
            "host": instance["Endpoint"]["Address"],
            "port": instance["Endpoint"]["Port"],
        }
    return {**found, **({"dbname": name} if name else {})}


def _engine(name: str) -> str:
    """Of Aurora it is the database that it speaks as, for which rotations look."""
    return {"aurora": "mysql", "aurora-mysql": "mysql", "aurora-postgresql": "postgres"}.get(
        name, name
    )
