"""What becomes of a resource that its stack deletes or replaces.

AWS: "DeletionPolicy attribute" and "UpdateReplacePolicy attribute" in the CloudFormation Template
Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OPTIONS = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot"),
    "UpdateReplacePolicy": ("Delete", "Retain", "Snapshot"),
}

_WITH_SNAPSHOTS = frozenset(
    {
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    }
)


def flaw_of(definition: Mapping[str, Any], attribute: str) -> str | None:
    """What AWS says of a policy that the resource's type cannot follow."""
    if definition.get(attribute) != "Snapshot" or definition["Type"] in _WITH_SNAPSHOTS:
        return None
    words = "deletion policy" if attribute == "DeletionPolicy" else "update replace policy"
    return f"Template error: resource type {definition['Type']} does not support {words} Snapshot"


def retains(policy: str, *, is_undone: bool, except_on_create: bool) -> bool:
    """Whether a resource outlives its deletion.

    `is_undone`: it was created by the operation that is rolled back. `except_on_create`: then it is
    deleted in any case, as API_CreateStack says of RetainExceptOnCreate.
    """
    if policy == "RetainExceptOnCreate" or (policy == "Retain" and except_on_create):
        return not is_undone
    return policy == "Retain"


def of_deletion(definition: Mapping[str, Any]) -> str:
    """Clusters, and databases in none, leave a snapshot, unless the template says otherwise."""
    type_name = definition.get("Type")
    in_a_cluster = "DBClusterIdentifier" in definition.get("Properties", {})
    has_data = type_name == "AWS::RDS::DBCluster" or (
        type_name == "AWS::RDS::DBInstance" and not in_a_cluster
    )
    return str(definition.get("DeletionPolicy", "Snapshot" if has_data else "Delete"))


def of_replacement(definition: Mapping[str, Any]) -> str:
    return str(definition.get("UpdateReplacePolicy", "Delete"))
