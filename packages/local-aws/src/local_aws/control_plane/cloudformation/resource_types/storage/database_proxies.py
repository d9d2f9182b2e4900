"""Proxies of databases and their target groups; nothing listens at their endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    as_tag_list,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import (
    Fields,
    TypeWithFields,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.list_changes import (
    gained_and_lost,
)

_OF_A_NEW_ONE = (
    *("DBProxyName", "DebugLogging", "EngineFamily", "IdleClientTimeout", "RequireTLS"),
    *("RoleArn", "VpcSecurityGroupIds", "VpcSubnetIds"),
)
"""What CreateDBProxy takes by the same name."""

_POOL: Mapping[str, Any] = {
    "ConnectionBorrowTimeout": 120,
    "MaxConnectionsPercent": 100,
    "SessionPinningFilters": [],
}
"""The defaults of a ConnectionPoolConfiguration; half of the connections may be idle."""


class DatabaseProxy(TypeWithFields):
    """moto cannot modify one. Security groups that the template leaves out again stay.

    AWS: "AWS::RDS::DBProxy" in the CloudFormation Template Reference: Ref is the name.
    """

    changing_properties = frozenset({"VpcSecurityGroupIds"})
    fields: ClassVar[Fields] = {
        "Auth": ("auth", []),
        "DebugLogging": ("debug_logging", False),
        "IdleClientTimeout": ("idle_client_timeout", 1800),
        "RequireTLS": ("require_tls", False),
        "RoleArn": ("role_arn", None),
    }
    attributes: ClassVar[Mapping[str, str]] = {"DBProxyArn": "arn"}

    def create(self, place: Place, properties: Properties) -> Any:
        Api(place, "rds").create_db_proxy(
            Auth=properties.get("Auth", []),
            Tags=as_tag_list(tags_of(properties)),
            **{name: properties[name] for name in _OF_A_NEW_ONE if name in properties},
        )
        return backends.rds(place).db_proxies[properties["DBProxyName"]]

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        if new.get("VpcSecurityGroupIds"):
            model.vpc_security_group_ids = new["VpcSecurityGroupIds"]
        return super().update(place, model, old, new)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        rds = Api(place, "rds")
        rds.remove_tags_from_resource(ResourceName=model.arn, TagKeys=list(removed))
        rds.add_tags_to_resource(ResourceName=model.arn, Tags=as_tag_list(tags))

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "rds").delete_db_proxy(DBProxyName=model.db_proxy_name)

    def physical_id(self, model: Any) -> str:
        return str(model.db_proxy_name)


class DatabaseProxyTargetGroup(ResourceByApi):
    """Each proxy has its only group, "default", already: a stack sets what is in it.

    AWS: "AWS::RDS::DBProxyTargetGroup" in the CloudFormation Template Reference: Ref is the ARN.
    """

    changing_properties = frozenset(
        {"ConnectionPoolConfigurationInfo", "DBClusterIdentifiers", "DBInstanceIdentifiers"}
    )

    def create(self, place: Place, properties: Properties) -> str:
        rds, name = Api(place, "rds"), properties["DBProxyName"]
        rds.describe_db_proxies(DBProxyName=name)
        (group,) = rds.describe_db_proxy_target_groups(DBProxyName=name)["TargetGroups"]
        return self.update(place, group["TargetGroupArn"], {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        rds, group = Api(place, "rds"), _group(new)
        clusters, lost_clusters = gained_and_lost(old, new, "DBClusterIdentifiers")
        instances, lost_instances = gained_and_lost(old, new, "DBInstanceIdentifiers")
        for each in clusters:
            rds.describe_db_clusters(DBClusterIdentifier=each)
        for each in instances:
            rds.describe_db_instances(DBInstanceIdentifier=each)
        rds.deregister_db_proxy_targets(**group, **_targets(lost_clusters, lost_instances))
        rds.register_db_proxy_targets(**group, **_targets(clusters, instances))
        pool = {**_POOL, **new.get("ConnectionPoolConfigurationInfo", {})}
        rds.modify_db_proxy_target_group(**group, ConnectionPoolConfig=pool)
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        self.update(place, model, properties, _group(properties))

    def attribute(self, model: Any, name: str) -> Any:
        return str(model) if name == "TargetGroupArn" else super().attribute(model, name)


def _group(properties: Properties) -> dict[str, str]:
    return {name: properties[name] for name in ("DBProxyName", "TargetGroupName")}


def _targets(clusters: list[str], instances: list[str]) -> dict[str, list[str]]:
    return {"DBClusterIdentifiers": clusters, "DBInstanceIdentifiers": instances}
