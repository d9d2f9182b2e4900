"""AWS::DynamoDB::Table."""

from __future__ import annotations

import copy
from typing import Any

from local_aws.control_plane.cloudformation.resource_types import backends
from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    as_bool,
    as_int,
    as_tag_list,
    tags_of,
)


class Table(ResourceType):
    """moto replaces a table, and so empties it, for changes that AWS makes in place.

    AWS: "AWS::DynamoDB::Table" in the CloudFormation Template Reference. Changed secondary indexes
    are refused: moto would lose the table's items.
    """

    replacing_properties = frozenset({"KeySchema", "LocalSecondaryIndexes", "TableName"})

    def create(self, place: Place, properties: Properties) -> Any:
        table = super().create(
            place,
            {
                **properties,
                "ProvisionedThroughput": _throughput(properties),
                "DeletionProtectionEnabled": _is_protected(properties),
                "Tags": as_tag_list({**place.tags, **tags_of(properties)}),
            },
        )
        self._put_settings(place, table, properties)
        return table

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        if old.get("GlobalSecondaryIndexes") != new.get("GlobalSecondaryIndexes"):
            raise ResourceFailedError(
                "The local AWS does not change GlobalSecondaryIndexes of a table in a stack."
            )
        backend = backends.dynamodb(place)
        streams = new.get("StreamSpecification")
        backend.update_table(
            name=model.name,
            attr_definitions=copy.deepcopy(new.get("AttributeDefinitions", [])),
            global_index=[],
            throughput=_throughput(new),
            billing_mode=new.get("BillingMode", "PROVISIONED"),
            stream_spec=streams if streams != old.get("StreamSpecification") else None,
            deletion_protection_enabled=_is_protected(new),
            warm_throughput=None,
        )
        model.tags = as_tag_list({**place.tags, **tags_of(new)})
        self._put_settings(place, model, new)
        return model

    def _put_settings(self, place: Place, table: Any, properties: Properties) -> None:
        """Time to live and point-in-time recovery, which moto's model leaves out."""
        backend = backends.dynamodb(place)
        expiry = properties.get("TimeToLiveSpecification")
        if expiry:
            backend.update_time_to_live(
                table.name,
                {
                    "AttributeName": expiry.get("AttributeName"),
                    "Enabled": as_bool(expiry["Enabled"]),
                },
            )
        recovery = properties.get("PointInTimeRecoverySpecification", {})
        backend.update_continuous_backups(
            table.name,
            {
                "PointInTimeRecoveryEnabled": as_bool(
                    recovery.get("PointInTimeRecoveryEnabled", False)
                )
            },
        )


def _throughput(properties: Properties) -> dict[str, int] | None:
    throughput = properties.get("ProvisionedThroughput")
    if not throughput:
        return None
    return {name: as_int(throughput, name) or 0 for name in throughput}


def _is_protected(properties: Properties) -> bool:
    return as_bool(properties.get("DeletionProtectionEnabled", False))
