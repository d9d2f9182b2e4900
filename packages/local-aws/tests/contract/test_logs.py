"""Groups and streams of CloudWatch Logs, as they are found."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def logs(aws: Any) -> Any:
    return aws("logs")


def test_groups_are_found_by_a_part_of_their_name(logs: Any, unique_name: str) -> None:
    """Recorded from AWS; API_DescribeLogGroups: logGroupNamePattern is case-sensitive."""
    names = [f"/a/{unique_name}/1", f"/b/{unique_name}/2"]
    for name in (*names, f"/b/{unique_name.upper()}/3"):
        logs.create_log_group(logGroupName=name)
    first = logs.describe_log_groups(logGroupNamePattern=unique_name, limit=1)
    rest = logs.describe_log_groups(logGroupNamePattern=unique_name, nextToken=first["nextToken"])
    groups = [*first["logGroups"], *rest["logGroups"]]
    assert [group["logGroupName"] for group in groups] == names
    assert "nextToken" not in rest
    assert groups[0].keys().isdisjoint({"storedBytes", "metricFilterCount"})


def test_names_of_two_kinds_exclude_each_other(logs: Any, unique_name: str) -> None:
    """Recorded from AWS: InvalidParameterException and ValidationException."""
    logs.create_log_group(logGroupName=unique_name)
    both = {"logGroupNamePattern": unique_name, "logGroupNamePrefix": unique_name}
    with pytest.raises(
        ClientError, match="prefix and LogGroup name pattern are mutually"
    ) as groups:
        logs.describe_log_groups(**both)
    assert groups.value.response["Error"]["Code"] == "InvalidParameterException"
    both = {"logGroupName": unique_name, "logGroupIdentifier": unique_name}
    with pytest.raises(ClientError, match="LogGroup name and LogGroup ARN are mutually") as streams:
        logs.describe_log_streams(**both)
    assert streams.value.response["Error"]["Code"] == "ValidationException"


def test_where_logs_are_delivered_to_is_an_arn(logs: Any, unique_name: str) -> None:
    """API_PutDeliveryDestination, API_PutSubscriptionFilter: destinations are named by ARN."""
    with pytest.raises(ClientError, match=r"ValidationException.*nowhere is no ARN"):
        logs.put_delivery_destination(
            name="to", deliveryDestinationConfiguration={"destinationResourceArn": "nowhere"}
        )
    logs.create_log_group(logGroupName=unique_name)
    with pytest.raises(ClientError, match=r"InvalidParameterException.*nowhere is no ARN"):
        logs.put_subscription_filter(
            logGroupName=unique_name, filterName="f", filterPattern="", destinationArn="nowhere"
        )
