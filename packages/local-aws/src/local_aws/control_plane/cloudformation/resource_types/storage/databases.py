"""Database instances, alone and in clusters, and clusters of Redshift.

moto's models read the names of groups off its own objects, as its own stacks have them; here a
property is what Ref returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from moto.rds.models import DBInstance as DatabaseInstance

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    as_int,
    as_tag_list,
    generated_name,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.handlers.deletions import DeletedByApi
from local_aws.control_plane.cloudformation.resource_types.models import physical_names

_USUAL_VERSIONS: Mapping[str, str] = {"mariadb": "10.11.8"}
"""By engine, that of an instance whose template has none, where moto has none either."""


_OF_MEMBERS = (
    *("AutoMinorVersionUpgrade", "AvailabilityZone", "CopyTagsToSnapshot", "DBInstanceClass"),
    *("DBParameterGroupName", "DBSubnetGroupName", "Engine", "EngineVersion"),
    *("MonitoringInterval", "MonitoringRoleArn", "PreferredMaintenanceWindow", "PromotionTier"),
    *("PubliclyAccessible",),
)
"""What an instance of a cluster has of its own."""


_CHANGED_BY_API = (
    *("AllocatedStorage", "AutoMinorVersionUpgrade", "BackupRetentionPeriod"),
    *("CACertificateIdentifier", "CopyTagsToSnapshot", "DBInstanceClass", "DBParameterGroupName"),
    *("DeletionProtection", "EnableIAMDatabaseAuthentication", "EngineVersion", "Iops"),
    *("LicenseModel", "MasterUserPassword", "MaxAllocatedStorage", "MonitoringInterval"),
    *("MonitoringRoleArn", "MultiAZ", "PreferredBackupWindow", "PreferredMaintenanceWindow"),
    *("PromotionTier", "PubliclyAccessible", "StorageThroughput", "StorageType"),
)
"""What ModifyDBInstance takes by the same name."""


class _Group(str):
    """A group's name, which moto's models ask for."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self)

    @property
    def cluster_subnet_group_name(self) -> str:
        return str(self)


class DatabaseInstanceType(ResourceType):
    """moto takes engines in small letters only, and gives every engine MySQL's port.

    AWS: CreateDBInstance in the RDS API Reference: the default port of each engine. AWS's own
    sample templates have `Engine: MySQL`. A property that the template leaves out again keeps its
    value, as ModifyDBInstance has it.
    """

    changing_properties = frozenset(
        {*_CHANGED_BY_API, "EnableCloudwatchLogsExports", "Tags", "VPCSecurityGroups"}
    )
    attributes: ClassVar[Mapping[str, str]] = {
        "CertificateDetails.CAIdentifier": "ca_certificate_identifier",
        "DBInstanceStatus": "status",
    }

    def create(self, place: Place, properties: Properties) -> Any:
        """One in a cluster has the cluster's storage, users and network."""
        if "DBClusterIdentifier" not in properties:
            _require_no_cluster(properties)
            return super().create(place, properties)
        api = Api(place, "rds")
        identifier = str(properties["DBClusterIdentifier"])
        [cluster] = api.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]
        given = {name: properties[name] for name in _OF_MEMBERS if name in properties}
        name = properties.get("DBInstanceIdentifier") or generated_name(self.name, place)
        made = api.create_db_instance(
            **{"Engine": cluster["Engine"], **given},
            DBClusterIdentifier=identifier,
            DBInstanceIdentifier=str(name).lower(),
            Tags=properties.get("Tags", []),
        )
        return backends.rds(place).databases[made["DBInstance"]["DBInstanceIdentifier"]]

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        before, after = _settings(old), _settings(new)
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        if changed:
            Api(place, "rds").modify_db_instance(
                DBInstanceIdentifier=self.physical_id(model), ApplyImmediately=True, **changed
            )
        if old.get("EnableCloudwatchLogsExports") != new.get("EnableCloudwatchLogsExports"):
            model.enabled_cloudwatch_logs_exports = list(new.get("EnableCloudwatchLogsExports", ()))
        put_tags(place, model.arn, old, new)
        return model

    def take_snapshot(self, place: Place, model: Any) -> None:
        ref = self.physical_id(model)
        Api(place, "rds").create_db_snapshot(
            DBInstanceIdentifier=ref, DBSnapshotIdentifier=snapshot_name(place)
        )

    def _definition(self, properties: Properties) -> dict[str, Any]:
        definition = super()._definition(properties)
        given = definition["Properties"]
        if "Engine" in given:
            given["Engine"] = engine = str(given["Engine"]).lower()
            _complete(given, engine)
        if "DBSubnetGroupName" in given:
            given["DBSubnetGroupName"] = _Group(given["DBSubnetGroupName"])
        if "DBSecurityGroups" in given:
            given["DBSecurityGroups"] = [_Group(each) for each in given["DBSecurityGroups"]]
        return definition


def _settings(properties: Properties) -> dict[str, Any]:
    """What an update may change by the API, as the API has it."""
    settings = {name: properties[name] for name in _CHANGED_BY_API if name in properties}
    if "AllocatedStorage" in settings:  # text in a template
        settings["AllocatedStorage"] = as_int(properties, "AllocatedStorage")
    if "VPCSecurityGroups" in properties:
        settings["VpcSecurityGroupIds"] = properties["VPCSecurityGroups"]
    return settings


def _require_no_cluster(properties: Properties) -> None:
    """AWS: "AWS::RDS::DBInstance" in the CloudFormation Template Reference: DBClusterIdentifier."""
    engine = str(properties.get("Engine", "")).lower()
    if engine.startswith("aurora"):
        raise ResourceFailedError(
            f"A DB instance with the engine {engine} belongs to a DB cluster; set "
            "DBClusterIdentifier."
        )


class RedshiftCluster(DeletedByApi):
    """moto answers with the whole endpoint for its address."""

    attributes: ClassVar[Mapping[str, str]] = {"Endpoint.Address": "address"}

    def take_snapshot(self, place: Place, model: Any) -> None:
        Api(place, "redshift").create_cluster_snapshot(
            ClusterIdentifier=self.physical_id(model), SnapshotIdentifier=snapshot_name(place)
        )

    def _definition(self, properties: Properties) -> dict[str, Any]:
        definition = super()._definition(properties)
        given = definition["Properties"]
        if "ClusterSubnetGroupName" in given:
            given["ClusterSubnetGroupName"] = _Group(given["ClusterSubnetGroupName"])
        return definition


def put_tags(place: Place, arn: str, old: Properties, new: Properties) -> None:
    """Give a resource of RDS the tags of `new`, and take those away that only `old` has."""
    rds, removed = Api(place, "rds"), sorted(tags_of(old).keys() - tags_of(new).keys())
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=removed)
    rds.add_tags_to_resource(ResourceName=arn, Tags=as_tag_list(tags_of(new)))


def snapshot_name(place: Place) -> str:
    """As AWS names those that it takes: stack, "snapshot", logical id and a random suffix."""
    name = physical_names.generated("snapshot", f"{place.stack_name}-snapshot", place.logical_id)
    return name.lower()


def _complete(given: dict[str, Any], engine: str) -> None:
    if engine in _USUAL_VERSIONS:
        given.setdefault("EngineVersion", _USUAL_VERSIONS[engine])
    try:
        given.setdefault("Port", DatabaseInstance.default_port(engine))
    except KeyError:  # no such engine: moto refuses it in AWS's words
        return
