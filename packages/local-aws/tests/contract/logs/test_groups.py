"""Groups and streams of CloudWatch Logs, as they are found."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import error_of

NO_TOKEN = ("InvalidParameterException", "The specified nextToken is invalid.")
METRIC = {"metricNamespace": "A.B-c_d/1#2:own", "metricName": "m", "metricValue": "1"}


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


def put_metric_filter(logs: Any, group: str, **changes: Any) -> None:
    logs.put_metric_filter(
        **{
            "logGroupName": group,
            "filterName": "f",
            "filterPattern": "x",
            "metricTransformations": [METRIC],
            **changes,
        }
    )


def test_what_a_group_shows(logs: Any, unique_name: str) -> None:
    """Recorded from AWS: logGroupClass, deletionProtectionEnabled, metricFilterCount."""
    logs.create_log_group(logGroupName=unique_name)
    put_metric_filter(logs, unique_name)
    [shown] = logs.describe_log_groups(logGroupNamePrefix=unique_name)["logGroups"]
    assert (shown["logGroupClass"], shown["metricFilterCount"]) == ("STANDARD", 1)
    assert shown["deletionProtectionEnabled"] is False
    assert error_of(logs.describe_log_groups, nextToken="none") == NO_TOKEN
    protected = {"logGroupName": f"{unique_name}-2", "deletionProtectionEnabled": True}
    assert "not emulated" in error_of(logs.create_log_group, **protected)[1]


def test_what_a_stream_shows(logs: Any, unique_name: str) -> None:
    """Recorded from AWS: a second one of its name; API_LogStream: storedBytes is zero."""
    stream = {"logGroupName": unique_name, "logStreamName": "s"}
    logs.create_log_group(logGroupName=unique_name)
    logs.create_log_stream(**stream)
    twice = ("ResourceAlreadyExistsException", "The specified log stream already exists")
    assert error_of(logs.create_log_stream, **stream) == twice
    events = [{"timestamp": int(time.time() * 1000), "message": "x"}]
    logs.put_log_events(**stream, logEvents=events)
    [shown] = logs.describe_log_streams(logGroupName=unique_name)["logStreams"]
    assert shown["storedBytes"] == 0
    refused = error_of(logs.describe_log_streams, logGroupName=unique_name, nextToken="none")
    assert refused == NO_TOKEN


def test_retention_is_one_of_a_list(logs: Any, unique_name: str) -> None:
    """API_PutRetentionPolicy: retentionInDays."""
    logs.create_log_group(logGroupName=unique_name)
    refused = error_of(logs.put_retention_policy, logGroupName=unique_name, retentionInDays=2)
    assert refused[0] == "InvalidParameterException"


def test_metric_filters_are_of_a_group(logs: Any, unique_name: str) -> None:
    """Recorded from AWS: all members, a colon in a namespace; API_DeleteMetricFilter."""
    logs.create_log_group(logGroupName=unique_name)
    put_metric_filter(logs, unique_name)
    put_metric_filter(logs, unique_name, filterPattern="y")
    [shown] = logs.describe_metric_filters(logGroupName=unique_name)["metricFilters"]
    assert (shown["filterPattern"], shown["applyOnTransformedLogs"]) == ("y", False)
    assert shown["metricTransformations"] == [METRIC]
    assert "creationTime" in shown
    with pytest.raises(ClientError, match="The specified log group does not exist"):
        put_metric_filter(logs, "none")
    missing = error_of(logs.delete_metric_filter, logGroupName=unique_name, filterName="none")
    assert missing[1] == "The specified metric filter does not exist."
    logs.delete_log_group(logGroupName=unique_name)
    assert logs.describe_metric_filters(logGroupName=unique_name)["metricFilters"] == []


def test_resource_policies_are_the_accounts(logs: Any, unique_name: str) -> None:
    """Recorded from AWS: policyScope; ResourceNotFoundException."""
    put = logs.put_resource_policy(policyName=unique_name, policyDocument="{}")
    assert put["resourcePolicy"]["policyScope"] == "ACCOUNT"
    logs.delete_resource_policy(policyName=unique_name)
    words = f"Policy with name [{unique_name}] does not exist."
    refused = error_of(logs.delete_resource_policy, policyName=unique_name)
    assert refused == ("ResourceNotFoundException", words)


def test_a_group_has_two_subscription_filters(aws: Any, logs: Any, unique_name: str) -> None:
    """Recorded from AWS: each can be changed; a stream of Kinesis needs a role."""
    logs.create_log_group(logGroupName=unique_name)
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName=unique_name, ShardCount=1)
    arn = kinesis.describe_stream(StreamName=unique_name)["StreamDescription"]["StreamARN"]
    given = {"logGroupName": unique_name, "filterPattern": "", "destinationArn": arn}
    assert error_of(logs.put_subscription_filter, **given, filterName="a") == (
        "InvalidParameterException",
        "destinationArn for vendor kinesis cannot be used without roleArn",
    )
    given["roleArn"] = "arn:aws:iam::123456789012:role/logs"
    for name in "ab":
        logs.put_subscription_filter(**given, filterName=name)
    assert error_of(logs.put_subscription_filter, **given, filterName="c") == (
        "LimitExceededException",
        "Resource limit exceeded.",
    )
    changed = {**given, "filterPattern": "ERROR", "distribution": "Random"}
    logs.put_subscription_filter(**changed, filterName="a")
    found = logs.describe_subscription_filters(logGroupName=unique_name)["subscriptionFilters"]
    shown = {each["filterName"]: each for each in found}
    assert (shown["a"]["filterPattern"], shown["a"]["distribution"]) == ("ERROR", "Random")
    assert (shown["b"]["distribution"], shown["b"]["applyOnTransformedLogs"]) == (
        "ByLogStream",
        False,
    )


def test_queries_name_their_group(logs: Any, unique_name: str) -> None:
    """Recorded from AWS: queryString, queryLanguage; ResourceNotFoundException."""
    logs.create_log_group(logGroupName=unique_name)
    asked = {"startTime": 1, "endTime": 2, "queryString": "fields @message"}
    logs.start_query(logGroupName=unique_name, **asked)
    [shown] = logs.describe_queries(logGroupName=unique_name)["queries"]
    source = f'SOURCE "{unique_name}" START=1000 END=2999'
    assert shown["queryString"] == f"{source} | fields @message"
    assert shown["queryLanguage"] == "CWLI"
    code, words = error_of(logs.start_query, logGroupName="none", **asked)
    assert code == "ResourceNotFoundException"
    assert words.startswith("Log group 'none' does not exist for account ID '123456789012'")


def test_groups_are_listed_by_an_expression(logs: Any, unique_name: str) -> None:
    """API_ListLogGroups: logGroupNamePattern is a regular expression; limit, nextToken."""
    for number in range(3):
        logs.create_log_group(logGroupName=f"{unique_name}/{number}")
    asked = {"logGroupNamePattern": f"^{unique_name}/1|{unique_name}/2", "limit": 1}
    first = logs.list_log_groups(**asked)
    rest = logs.list_log_groups(**asked, nextToken=first["nextToken"])
    (shown,) = rest["logGroups"]
    assert first["logGroups"][0]["logGroupName"] == f"{unique_name}/1"
    assert shown["logGroupName"] == f"{unique_name}/2"
    assert shown["logGroupArn"].endswith(f":log-group:{unique_name}/2")
    assert (shown["logGroupClass"], "nextToken" in rest) == ("STANDARD", False)


def test_no_group_has_a_name_of_aws_itself(logs: Any, unique_name: str) -> None:
    """API_CreateLogGroup: "Log group names can't start with the string aws/"."""
    refused = error_of(logs.create_log_group, logGroupName=f"aws/{unique_name}")
    words = "Log groups starting with AWS/ are reserved for AWS."
    assert refused == ("InvalidParameterException", words)
    logs.create_log_group(logGroupName=f"/aws/{unique_name}")


def test_tags_are_of_a_group_that_is_there(logs: Any, unique_name: str) -> None:
    """API_TagResource: ResourceNotFoundException."""
    logs.create_log_group(logGroupName=unique_name)
    (group,) = logs.describe_log_groups(logGroupNamePrefix=unique_name)["logGroups"]
    logs.tag_resource(resourceArn=group["logGroupArn"], tags={"a": "b"})
    none = f"{group['logGroupArn']}-none"
    refused = error_of(logs.tag_resource, resourceArn=none, tags={"a": "b"})
    assert refused[0] == "ResourceNotFoundException"
