"""Tables and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.drift.readers import tags

_OF_INDEX = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")


def table(api: Any, name: str, _: frozenset[str]) -> Mapping[str, Any]:
    """Without its encryption, whose key a template may name in several ways."""
    dynamodb = api("dynamodb")
    shown = dynamodb.describe_table(TableName=name)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    lifetime = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    listed = dynamodb.list_tags_of_resource(ResourceArn=shown["TableArn"])["Tags"]
    return {
        "AttributeDefinitions": shown["AttributeDefinitions"],
        "BillingMode": shown.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "DeletionProtectionEnabled": shown.get("DeletionProtectionEnabled", False),
        "GlobalSecondaryIndexes": _indexes(shown.get("GlobalSecondaryIndexes", [])),
        "KeySchema": shown["KeySchema"],
        "LocalSecondaryIndexes": _indexes(shown.get("LocalSecondaryIndexes", [])),
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": recovery == "ENABLED"},
        "ProvisionedThroughput": shown.get("ProvisionedThroughput"),
        "StreamSpecification": shown.get("StreamSpecification"),
        "TableClass": shown.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        "TableName": shown["TableName"],
        "Tags": tags.given(listed),
        "TimeToLiveSpecification": {
            "AttributeName": lifetime.get("AttributeName"),
            "Enabled": lifetime["TimeToLiveStatus"] in ("ENABLED", "ENABLING"),
        },
    }


def parameter(api: Any, name: str, _: frozenset[str]) -> Mapping[str, Any]:
    """Its description, pattern, tier and policies are write-only in its schema."""
    ssm = api("ssm")
    shown = ssm.get_parameter(Name=name)["Parameter"]
    listed = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    return {
        "DataType": shown.get("DataType"),
        "Name": shown["Name"],
        "Tags": {tag["Key"]: tag["Value"] for tag in tags.given(listed)},
        "Type": shown["Type"],
        "Value": shown["Value"],
    }


def _indexes(shown: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: each.get(name) for name in _OF_INDEX} for each in shown]
