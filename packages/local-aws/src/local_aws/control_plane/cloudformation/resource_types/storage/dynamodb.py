"""AWS::DynamoDB::Table."""

from __future__ import annotations

import copy
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    as_bool,
    as_int,
    as_tag_list,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.dynamodb import tables

_AS_GIVEN = (
    "AttributeDefinitions",
    "BillingMode",
    "KeySchema",
    "LocalSecondaryIndexes",
    "WarmThroughput",
)
"""What the API takes as a template has it."""
_OF_AN_INDEX = ("IndexName", "KeySchema", "Projection", "WarmThroughput")
"""The same of a global index."""


class Table(ResourceType):
    """moto replaces a table, and so empties it, for changes that AWS makes in place.

    AWS: "AWS::DynamoDB::Table" in the CloudFormation Template Reference.
    """

    replacing_properties = frozenset({"KeySchema", "LocalSecondaryIndexes"})
    changing_properties = frozenset(
        {
            "AttributeDefinitions",
            "BillingMode",
            "DeletionProtectionEnabled",
            "GlobalSecondaryIndexes",
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
            "StreamSpecification",
            "TableClass",
            "Tags",
            "TimeToLiveSpecification",
        }
    )

    def create(self, place: Place, properties: Properties) -> Any:
        """By the API, which checks keys, indexes and throughput: moto's model does not."""
        name = self._name_for(place, properties)
        Api(place, "dynamodb").create_table(TableName=name, **_request(place, properties))
        table = backends.dynamodb(place).get_table(name)
        self._put_settings(place, table, properties)
        return table

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        index_updates = _index_updates(model, new)
        backend = backends.dynamodb(place)
        backend.update_table(
            name=model.name,
            attr_definitions=copy.deepcopy(new.get("AttributeDefinitions", [])),
            global_index=index_updates,
            throughput=_throughput(new),
            billing_mode=new.get("BillingMode", "PROVISIONED"),
            stream_spec=None,
            deletion_protection_enabled=_is_protected(new),
            warm_throughput=None,
        )
        model.tags = as_tag_list({**place.tags, **tags_of(new)})
        # Compared with what is there: a failed update may have come as far as this, or not.
        streams = new.get("StreamSpecification", {})
        if streams.get("StreamViewType") != model.stream_specification.get("StreamViewType"):
            model.set_stream_specification(dict(streams))
        self._put_settings(place, model, new)
        return model

    def _put_settings(self, place: Place, table: Any, properties: Properties) -> None:
        """Class, time to live and point-in-time recovery, which moto's model leaves out."""
        backend = backends.dynamodb(place)
        if "TableClass" in properties:
            tables.put_class(table, properties["TableClass"])
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


def _request(place: Place, properties: Properties) -> dict[str, Any]:
    """What CreateTable takes, without the name."""
    view = properties.get("StreamSpecification", {}).get("StreamViewType")
    indexes = [
        {
            **{name: index[name] for name in _OF_AN_INDEX if name in index},
            "ProvisionedThroughput": _throughput(index),
        }
        for index in properties.get("GlobalSecondaryIndexes", [])
    ]
    request = {
        **{name: properties[name] for name in _AS_GIVEN if name in properties},
        "DeletionProtectionEnabled": _is_protected(properties),
        "GlobalSecondaryIndexes": list(map(_given, indexes)),
        "ProvisionedThroughput": _throughput(properties),
        "SSESpecification": _encryption(properties),
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": view} if view else None,
        "Tags": as_tag_list({**place.tags, **tags_of(properties)}),
    }
    return _given(request)


def _given(request: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, which the API refuses."""
    return {name: value for name, value in request.items() if value not in (None, [])}


def _index_updates(table: Any, properties: Properties) -> list[dict[str, Any]]:
    """What UpdateTable needs to bring the table's global indexes to those of the properties.

    They are compared with what is there, so that a rollback finds what a failed update has left.
    Raises ResourceFailedError.
    """
    present = {index.name: index.describe() for index in table.global_indexes}
    wanted = {
        index["IndexName"]: {**copy.deepcopy(index), "ProvisionedThroughput": _throughput(index)}
        for index in properties.get("GlobalSecondaryIndexes", [])
    }
    for name in present.keys() & wanted.keys():
        if any(present[name][part] != wanted[name][part] for part in ("KeySchema", "Projection")):
            raise ResourceFailedError(
                "Cannot update GSI's properties other than Provisioned Throughput and Contributor "
                "Insights Specification. You can create a new GSI with a different name."
            )
    if len(present.keys() ^ wanted.keys()) > 1:
        raise ResourceFailedError(
            "Cannot perform more than one GSI creation or deletion in a single update"
        )
    return [
        *({"Delete": {"IndexName": name}} for name in present if name not in wanted),
        *({"Create": index} for name, index in wanted.items() if name not in present),
        *(
            {"Update": {"IndexName": name, "ProvisionedThroughput": index["ProvisionedThroughput"]}}
            for name, index in wanted.items()
            if name in present and index["ProvisionedThroughput"]
        ),
    ]


def _throughput(properties: Properties) -> dict[str, int] | None:
    throughput = properties.get("ProvisionedThroughput")
    if not throughput:
        return None
    return {name: as_int(throughput, name) or 0 for name in throughput}


def _encryption(properties: Properties) -> dict[str, Any] | None:
    """As the API has it."""
    given = properties.get("SSESpecification")
    if not given:
        return None
    others = {name: value for name, value in given.items() if name != "SSEEnabled"}
    return {**others, "Enabled": as_bool(given["SSEEnabled"])}


def _is_protected(properties: Properties) -> bool:
    return as_bool(properties.get("DeletionProtectionEnabled", False))
