"""Requests that lack what AWS's model does not require, and what AWS takes for it."""

from __future__ import annotations

from typing import Any

import pytest
from signed_requests import refusal

_QUERY = {"startTime": 1, "endTime": 2, "queryString": "fields @message"}


@pytest.mark.parametrize(
    ("service", "call", "given", "code"),
    [
        ("kms", "retire_grant", {}, "ValidationException"),
        ("kms", "retire_grant", {"GrantId": "g"}, "ValidationException"),
        ("logs", "start_query", _QUERY, "InvalidParameterException"),
        ("logs", "start_query", {**_QUERY, "logGroupName": "g", "logGroupNames": ["g"]},
         "InvalidParameterException"),
        ("logs", "put_delivery_destination", {"name": "d"}, "ValidationException"),
        ("iam", "create_service_linked_role", {"AWSServiceName": "ecs"}, "InvalidInput"),
        ("ec2", "allocate_hosts", {}, "MissingParameter"),
        ("ec2", "modify_spot_fleet_request", {"SpotFleetRequestId": "sfr-1"}, "MissingParameter"),
        ("ec2", "enable_transit_gateway_route_table_propagation",
         {"TransitGatewayRouteTableId": "tgw-rtb-1"}, "MissingParameter"),
        ("acm", "request_certificate", {"DomainName": "a b"}, "ValidationException"),
    ],
)  # fmt: skip
def test_a_request_that_names_too_little_is_refused(
    aws: Any, service: str, call: str, given: dict[str, Any], code: str
) -> None:
    """API_RetireGrant, API_StartQuery, API_PutDeliveryDestination, API_CreateServiceLinkedRole."""
    assert refusal(getattr(aws(service), call), **given) == (400, code)


@pytest.mark.parametrize(
    ("service", "call", "given", "code"),
    [
        ("ec2", "disassociate_address", {"AssociationId": ""}, "MissingParameter"),
        ("ec2", "request_spot_instances",
         {"SpotPrice": "a b", "LaunchSpecification": {"ImageId": "ami-12c6146b"}},
         "InvalidParameterValue"),
        ("ec2", "describe_launch_template_versions",
         {"LaunchTemplateId": "lt-0123456789abcdef0", "MinVersion": "first"},
         "InvalidParameterValue"),
        ("ec2", "describe_launch_template_versions",
         {"LaunchTemplateId": "lt-0123456789abcdef0", "MinVersion": "x" * 300},
         "InvalidParameterValue"),
        ("logs", "put_delivery_source", {"name": "a", "resourceArn": "none", "logType": "a"},
         "ValidationException"),
        ("events", "put_permission", {"Policy": "-1"}, "ValidationException"),
        ("events", "put_permission", {"Policy": '{"Statement": [{}]}'}, "ValidationException"),
        ("events", "put_rule", {"Name": "a", "EventPattern": "0"}, "InvalidEventPatternException"),
        ("events", "put_rule", {"Name": "a", "EventPattern": "[]"}, "InvalidEventPatternException"),
        ("secretsmanager", "get_random_password",
         {"ExcludeLowercase": True, "ExcludeUppercase": True, "ExcludeNumbers": True,
          "ExcludePunctuation": True, "RequireEachIncludedType": False},
         "InvalidParameterException"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_refused(
    aws: Any, service: str, call: str, given: dict[str, Any], code: str
) -> None:
    """API_RequestSpotInstances, API_DescribeLaunchTemplateVersions, API_PutDeliverySource,
    API_PutPermission, API_PutRule, API_GetRandomPassword."""
    assert refusal(getattr(aws(service), call), **given) == (400, code)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"Delete": {"IndexName": "none"}}, (400, "ResourceNotFoundException")),
        ({"Update": {"IndexName": "none", "OnDemandThroughput": {"MaxReadRequestUnits": 9}}},
         (400, "ResourceNotFoundException")),
        ({"Create": {"IndexName": "there",
                     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                     "Projection": {"ProjectionType": "ALL"}}},
         (400, "ValidationException")),
    ],
)  # fmt: skip
def test_an_index_is_changed_where_it_is_and_created_where_it_is_not(
    aws: Any, unique_name: str, change: dict[str, Any], refused: tuple[int, str]
) -> None:
    """API_UpdateTable, GlobalSecondaryIndexUpdates: ResourceNotFoundException."""
    dynamodb = aws("dynamodb")
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    dynamodb.create_table(
        TableName=unique_name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=keys,
        GlobalSecondaryIndexes=[
            {"IndexName": "there", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    asked = {"TableName": unique_name, "GlobalSecondaryIndexUpdates": [change]}
    answered = refusal(dynamodb.update_table, **asked)
    dynamodb.delete_table(TableName=unique_name)
    assert answered == refused


def test_a_patch_group_s_baseline_is_that_of_windows(aws: Any) -> None:
    """API_GetPatchBaselineForPatchGroup: OperatingSystem."""
    shown = aws("ssm").get_patch_baseline_for_patch_group(PatchGroup="none")
    assert shown["OperatingSystem"] == "WINDOWS"


def test_a_role_is_linked_to_a_service(aws: Any) -> None:
    """API_CreateServiceLinkedRole: AWSServiceName."""
    made = aws("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    assert made["Role"]["RoleName"] == "AWSServiceRoleForAutoScaling"
