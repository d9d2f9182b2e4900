"""AWS::DynamoDB::GlobalTable with one replica, in the stack's own region: a table like any other.

What it says of the table, its indexes and the replica becomes the properties of a table. Capacity
begins as the template says; nothing scales it.
AWS: "AWS::DynamoDB::GlobalTable" in the CloudFormation Template Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.storage.dynamodb import Table

_SAME = (
    "AttributeDefinitions",
    "BillingMode",
    "KeySchema",
    "LocalSecondaryIndexes",
    "StreamSpecification",
    "TimeToLiveSpecification",
    "WarmThroughput",
)
_OF_REPLICA = (
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "TableClass",
    "Tags",
)
_OF_INDEX = ("IndexName", "KeySchema", "Projection", "WarmThroughput")

_REFUSED = (
    "GlobalTableSourceArn",
    "GlobalTableWitnesses",
    "ReadOnDemandThroughputSettings",
    "VectorIndexes",
    "WriteOnDemandThroughputSettings",
)
_REFUSED_OF_REPLICA = (
    "DisassociationProtectionEnabled",
    "GlobalTableSettingsReplicationMode",
    "KinesisStreamSpecification",
    "ReadOnDemandThroughputSettings",
    "ReplicaStreamSpecification",
    "ResourcePolicy",
)


class GlobalTable(ResourceType):
    """Refused with more than one replica: each region's tables are its own here."""

    replacing_properties = Table.replacing_properties
    changing_properties = Table.changing_properties

    def __init__(self, type_name: str) -> None:
        super().__init__(type_name)
        self._table = Table("AWS::DynamoDB::Table")

    def require_emulated(self, properties: Properties) -> None:
        replicas = properties.get("Replicas")
        if not isinstance(replicas, list):
            return
        refused = {name for name in _REFUSED if properties.get(name)}
        refused |= {name for each in replicas for name in _REFUSED_OF_REPLICA if each.get(name)}
        if properties.get("MultiRegionConsistency") == "STRONG":
            refused.add("MultiRegionConsistency")
        if any(_has_insights(each) for each in replicas):
            refused.add("ContributorInsightsSpecification")
        if len(replicas) > 1:
            refused.add("replicas in other regions")
        if refused:
            raise ValidationError(
                message=f"The local AWS does not emulate {', '.join(sorted(refused))} of a global "
                "table."
            )

    def create(self, place: Place, properties: Properties) -> Any:
        _require_own_region(place, properties)
        name = properties.get("TableName") or generated_name(self.name, place)
        return self._table.create(place, {**as_table(properties), "TableName": name})

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        _require_own_region(place, new)
        return self._table.update(place, model, as_table(old), as_table(new))

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        self._table.delete(place, model, properties)

    def physical_id(self, model: Any) -> str:
        return self._table.physical_id(model)

    def attribute(self, model: Any, name: str) -> Any:
        if name == "TableId":
            return model.describe()["TableDescription"]["TableId"]
        return self._table.attribute(model, name)

    def refusal(self, changed: frozenset[str], old: Properties, new: Properties) -> str | None:  # noqa: ARG002 - the table's count
        before, after = as_table(old), as_table(new)
        differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        return super().refusal(frozenset(differing), before, after)


def as_table(properties: Properties) -> dict[str, Any]:
    """The properties of AWS::DynamoDB::Table that make the replica of a global table."""
    [replica] = properties["Replicas"]
    table = {name: properties[name] for name in _SAME if name in properties}
    table |= {name: replica[name] for name in _OF_REPLICA if name in replica}
    if "SSESpecification" in properties:
        key = replica.get("SSESpecification", {})
        table["SSESpecification"] = {**properties["SSESpecification"], **key}
    is_provisioned = properties.get("BillingMode", "PROVISIONED") == "PROVISIONED"
    if is_provisioned:
        table["ProvisionedThroughput"] = _throughput(properties, replica)
    of_replica = {each["IndexName"]: each for each in replica.get("GlobalSecondaryIndexes", [])}
    if "GlobalSecondaryIndexes" in properties:
        table["GlobalSecondaryIndexes"] = [
            {
                **{name: index[name] for name in _OF_INDEX if name in index},
                **(
                    {"ProvisionedThroughput": _throughput(index, of_replica[index["IndexName"]])}
                    if is_provisioned and index["IndexName"] in of_replica
                    else {}
                ),
            }
            for index in properties["GlobalSecondaryIndexes"]
        ]
    return table


def _throughput(written: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, int]:
    """Capacity as it begins: the table's, or an index's, for writing, the replica's for reading."""
    reading = read.get("ReadProvisionedThroughputSettings") or written.get(
        "ReadProvisionedThroughputSettings", {}
    )
    writing = written.get("WriteProvisionedThroughputSettings", {})
    return {
        "ReadCapacityUnits": _units(reading, "Read"),
        "WriteCapacityUnits": _units(writing, "Write"),
    }


def _units(settings: Mapping[str, Any], kind: str) -> int:
    """AWS: SeedCapacity of CapacityAutoScalingSettings is what a table begins with."""
    scaling = settings.get(f"{kind}CapacityAutoScalingSettings", {})
    begun = scaling.get("SeedCapacity", scaling.get("MinCapacity"))
    units = settings.get(f"{kind}CapacityUnits", begun)
    if units is None:
        raise ResourceFailedError(
            f"{kind}ProvisionedThroughputSettings must be specified when BillingMode is PROVISIONED"
        )
    return int(units)


def _has_insights(replica: Mapping[str, Any]) -> bool:
    specifications = [
        part.get("ContributorInsightsSpecification", {})
        for part in (replica, *replica.get("GlobalSecondaryIndexes", []))
    ]
    return any(each.get("Enabled") for each in specifications)


def _require_own_region(place: Place, properties: Properties) -> None:
    [replica] = properties["Replicas"]
    if replica["Region"] != place.region:
        raise ResourceFailedError(
            f"Replicas must have the region of the stack, {place.region}; it has "
            f"{replica['Region']}."
        )
