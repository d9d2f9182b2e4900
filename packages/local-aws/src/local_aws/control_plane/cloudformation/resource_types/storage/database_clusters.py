"""Clusters of databases and their parameter groups; nothing runs in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from moto.cloudformation.exceptions import ValidationError
from moto.rds.models import AssociatedRole

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    as_tag_list,
    generated_name,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.storage.databases import (
    put_tags,
    snapshot_name,
)

_CHANGED_BY_API = (
    *("AllocatedStorage", "AutoMinorVersionUpgrade", "BacktrackWindow", "BackupRetentionPeriod"),
    *("CopyTagsToSnapshot", "DBClusterInstanceClass", "DBClusterParameterGroupName"),
    *("DatabaseInsightsMode", "DeletionProtection", "Domain", "DomainIAMRoleName"),
    *("EnableGlobalWriteForwarding", "EnableHttpEndpoint", "EnableIAMDatabaseAuthentication"),
    *("EnableLocalWriteForwarding", "EngineVersion", "Iops", "ManageMasterUserPassword"),
    *("MasterUserPassword", "MonitoringInterval", "MonitoringRoleArn", "NetworkType"),
    *("PerformanceInsightsRetentionPeriod", "Port", "PreferredBackupWindow"),
    *("PreferredMaintenanceWindow", "ScalingConfiguration", "ServerlessV2ScalingConfiguration"),
    *("StorageType", "VpcSecurityGroupIds"),
)
"""What CreateDBCluster and ModifyDBCluster both take, by the same name."""

_OF_A_NEW_ONE = (
    *("AvailabilityZones", "DBSubnetGroupName", "DatabaseName", "EnableCloudwatchLogsExports"),
    *("Engine", "EngineLifecycleSupport", "EngineMode", "GlobalClusterIdentifier", "KmsKeyId"),
    *("MasterUsername", "PubliclyAccessible", "ReplicationSourceIdentifier", "StorageEncrypted"),
)
"""What only CreateDBCluster takes."""

_NAMES_IN_API: Mapping[str, str] = {
    "PerformanceInsightsEnabled": "EnablePerformanceInsights",
    "PerformanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
}

_RESTORED_FROM = ("SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId")


class DatabaseCluster(ResourceType):
    """A property that the template leaves out again keeps its value, as ModifyDBCluster has it.

    AWS: "AWS::RDS::DBCluster" in the CloudFormation Template Reference: Ref is the identifier.
    """

    changing_properties = frozenset(
        {
            *_CHANGED_BY_API,
            *_NAMES_IN_API,
            *("AssociatedRoles", "EnableCloudwatchLogsExports", "MasterUserSecret", "Tags"),
        }
    )
    attributes: ClassVar[Mapping[str, str]] = {
        "DBClusterArn": "arn",
        "DBClusterResourceId": "db_cluster_resource_id",
        "Endpoint.Address": "endpoint",
        "Endpoint.Port": "port",
        "MasterUserSecret.SecretArn": "master_user_secret.secret_arn",
        "ReadEndpoint.Address": "reader_endpoint",
    }

    def require_emulated(self, properties: Properties) -> None:
        named = [name for name in _RESTORED_FROM if name in properties]
        if named:
            raise ValidationError(
                message=f"{named[0]} of {self.name} is not emulated by the local AWS: it restores "
                "no clusters."
            )

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("DBClusterIdentifier") or generated_name(self.name, place)
        created = Api(place, "rds").create_db_cluster(
            DBClusterIdentifier=str(name).lower(),
            Tags=as_tag_list(tags_of(properties)),
            **{name: properties[name] for name in _OF_A_NEW_ONE if name in properties},
            **_settings(properties),
        )
        cluster = backends.rds(place).clusters[created["DBCluster"]["DBClusterIdentifier"]]
        _put_roles(cluster, properties)
        return cluster

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        before = _settings(old)
        changed = {
            name: value for name, value in _settings(new).items() if before.get(name) != value
        }
        if changed:
            _modify(place, model, changed)
        model.enabled_cloudwatch_logs_exports = list(new.get("EnableCloudwatchLogsExports", ()))
        _put_roles(model, new)
        put_tags(place, model.arn, old, new)
        return model

    def take_snapshot(self, place: Place, model: Any) -> None:
        Api(place, "rds").create_db_cluster_snapshot(
            DBClusterIdentifier=self.physical_id(model),
            DBClusterSnapshotIdentifier=snapshot_name(place),
        )

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "rds").delete_db_cluster(
            DBClusterIdentifier=self.physical_id(model), SkipFinalSnapshot=True
        )

    def physical_id(self, model: Any) -> str:
        return str(model.db_cluster_identifier)


class DatabaseClusterParameterGroup(ResourceType):
    """AWS: "AWS::RDS::DBClusterParameterGroup" in the CloudFormation Template Reference: what its
    parameters are changes in place; Ref is the name."""

    changing_properties = frozenset({"Parameters", "Tags"})

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("DBClusterParameterGroupName") or generated_name(self.name, place)
        Api(place, "rds").create_db_cluster_parameter_group(
            DBClusterParameterGroupName=str(name).lower(),
            DBParameterGroupFamily=properties["Family"],
            Description=properties["Description"],
        )
        group = backends.rds(place).db_cluster_parameter_groups[str(name).lower()]
        with self.deleted_on_failure(place, group, properties):
            return self.update(place, group, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        before, after = old.get("Parameters", {}), new["Parameters"]
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        for name in before.keys() - after.keys():
            model.parameters.pop(name, None)  # moto has no ResetDBClusterParameterGroup
        if changed:
            Api(place, "rds").modify_db_cluster_parameter_group(
                DBClusterParameterGroupName=model.name,
                Parameters=[
                    {
                        "ParameterName": name,
                        "ParameterValue": str(value),
                        "ApplyMethod": "pending-reboot",
                    }
                    for name, value in changed.items()
                ],
            )
        put_tags(place, model.arn, old, new)
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "rds").delete_db_cluster_parameter_group(DBClusterParameterGroupName=model.name)

    def physical_id(self, model: Any) -> str:
        return str(model.name)


def _settings(properties: Properties) -> dict[str, Any]:
    """What an update may change, as the API has it."""
    settings = {name: properties[name] for name in _CHANGED_BY_API if name in properties}
    for name, name_in_api in _NAMES_IN_API.items():
        if name in properties:
            settings[name_in_api] = properties[name]
    key = properties.get("MasterUserSecret", {}).get("KmsKeyId")
    return {**settings, **({"MasterUserSecretKmsKeyId": key} if key else {})}


def _modify(place: Place, model: Any, changed: Mapping[str, Any]) -> None:
    identifier = model.db_cluster_identifier
    try:
        Api(place, "rds").modify_db_cluster(
            DBClusterIdentifier=identifier, ApplyImmediately=True, **changed
        )
    finally:  # moto loses a cluster that it refuses to change
        backends.rds(place).clusters[identifier] = model


def _put_roles(model: Any, properties: Properties) -> None:
    """RDS adds and removes them one by one; moto takes only one role without a feature."""
    model._associated_roles = [
        AssociatedRole(role["RoleArn"], role.get("FeatureName"))
        for role in properties.get("AssociatedRoles", ())
    ]
