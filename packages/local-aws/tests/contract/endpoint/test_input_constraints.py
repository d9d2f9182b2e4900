"""What is missing from a request, and what is none of a list of values, is refused as AWS does."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

from local_aws.control_plane.endpoint import input_constraints

NULL = "failed to satisfy constraint: Member must not be null"

TWO_NULLS = (
    f"2 validation errors detected: Value null at 'loadBalancerArn' {NULL}; "
    f"Value null at 'defaultActions' {NULL}"
)


@pytest.mark.parametrize(
    ("service", "call", "given", "code", "message"),
    [
        ("ec2", "create_subnet", {"CidrBlock": "10.0.0.0/24"}, "MissingParameter",
         "The request must contain the parameter VpcId"),
        ("rds", "create_db_instance", {}, "MissingParameter",
         "The request must contain the parameter DBInstanceIdentifier"),
        ("autoscaling", "create_auto_scaling_group", {"AutoScalingGroupName": "g", "MinSize": 0},
         "ValidationError", f"1 validation error detected: Value null at 'maxSize' {NULL}"),
        ("cloudformation", "delete_stack", {}, "ValidationError",
         f"1 validation error detected: Value null at 'stackName' {NULL}"),
        ("elbv2", "create_listener", {}, "ValidationError",
         TWO_NULLS),
        ("iam", "create_role", {"RoleName": "r"}, "ValidationError",
         f"1 validation error detected: Value null at 'assumeRolePolicyDocument' {NULL}"),
        ("sts", "assume_role", {"RoleArn": "arn:aws:iam::1:role/r"}, "ValidationError",
         f"1 validation error detected: Value null at 'roleSessionName' {NULL}"),
        ("dynamodb", "get_item", {"TableName": "t"}, "ValidationException",
         f"1 validation error detected: Value null at 'key' {NULL}"),
        ("dynamodb", "query", {}, "ValidationException",
         f"1 validation error detected: Value null at 'tableName' {NULL}"),
        ("ssm", "put_parameter", {"Name": "p", "Value": "1", "Tags": [{"Key": "a"}]},
         "ValidationException",
         f"1 validation error detected: Value null at 'tags.1.member.value' {NULL}"),
        ("logs", "create_log_group", {}, "InvalidParameterException",
         f"1 validation error detected: Value null at 'logGroupName' {NULL}"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    unchecked: Any, service: str, call: str, given: dict[str, Any], code: str, message: str
) -> None:
    """EC2: "Error codes", MissingParameter; the others: "Common errors" of their references."""
    assert refusal_of(getattr(unchecked(service), call), **given) == (400, code, message)


@pytest.mark.parametrize(
    ("service", "call", "given", "code", "path", "allowed"),
    [
        ("dynamodb", "update_table", {"TableName": "t", "BillingMode": "FREE"},
         "ValidationException", "billingMode", "PROVISIONED, PAY_PER_REQUEST"),
        ("ssm", "put_parameter", {"Name": "p", "Value": "1", "Type": "FREE"},
         "ValidationException", "type", "SecureString, StringList, String"),
        ("dynamodb", "scan", {"TableName": "t", "Select": "FREE"}, "ValidationException",
         "select", "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES"),
        ("dynamodb", "put_item", {"TableName": "t", "Item": {}, "ReturnValues": "FREE"},
         "ValidationException", "returnValues",
         "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW"),
        ("cloudformation", "create_stack", {"StackName": "s", "OnFailure": "FREE"},
         "ValidationError", "onFailure", "DO_NOTHING, ROLLBACK, DELETE"),
        ("elbv2", "create_target_group", {"Name": "t", "TargetType": "FREE"},
         "ValidationError", "targetType", "instance, ip, lambda, alb"),
        ("elbv2", "create_load_balancer", {"Name": "b", "Scheme": "FREE"},
         "ValidationError", "scheme", "internet-facing, internal"),
    ],
)  # fmt: skip
def test_a_value_that_the_model_does_not_list_is_refused(
    unchecked: Any,
    service: str,
    call: str,
    given: dict[str, Any],
    code: str,
    path: str,
    allowed: str,
) -> None:
    """API References: the valid values of each member, in the order of recorded answers."""
    message = (
        f"1 validation error detected: Value 'FREE' at '{path}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{allowed}]"
    )
    assert refusal_of(getattr(unchecked(service), call), **given) == (400, code, message)


LONG = "x" * 3000


@pytest.mark.parametrize(
    ("service", "call", "given", "code", "path", "words"),
    [
        ("autoscaling", "describe_policies", {"AutoScalingGroupName": ""},
         "ValidationError", "'' at 'autoScalingGroupName'",
         "length greater than or equal to 1"),
        ("autoscaling", "set_desired_capacity",
         {"AutoScalingGroupName": "g" * 256, "DesiredCapacity": 1},
         "ValidationError", f"'{'g' * 256}' at 'autoScalingGroupName'",
         "length less than or equal to 255"),
        ("ssm", "get_parameter", {"Name": LONG}, "ValidationException", f"'{LONG}' at 'name'",
         "length less than or equal to 2048"),
        ("logs", "put_retention_policy", {"logGroupName": "a b", "retentionInDays": 1},
         "InvalidParameterException", "at 'logGroupName'",
         "satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"),
        ("secretsmanager", "create_secret", {"Name": ""}, "ValidationException", "'' at 'name'",
         "length greater than or equal to 1"),
        ("kms", "create_alias", {"AliasName": "alias/a b", "TargetKeyId": "k"},
         "ValidationException", "'alias/a b' at 'aliasName'",
         "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"),
        ("events", "put_rule", {"Name": "a b"}, "ValidationException", "'a b' at 'name'",
         "satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+"),
        ("dynamodb", "batch_get_item", {"RequestItems": {}}, "ValidationException",
         "'{}' at 'requestItems'", "length greater than or equal to 1"),
        ("dynamodb", "transact_get_items", {"TransactItems": []}, "ValidationException",
         "'[]' at 'transactItems'", "length greater than or equal to 1"),
    ],
)  # fmt: skip
def test_lengths_ranges_and_forms_are_those_of_the_model(
    unchecked: Any,
    service: str,
    call: str,
    given: dict[str, Any],
    code: str,
    path: str,
    words: str,
) -> None:
    """API References: the length, the range and the pattern of each member."""
    verb = "must" if words.startswith("satisfy") else "must have"
    message = (
        f"1 validation error detected: Value {path} failed to satisfy constraint: "
        f"Member {verb} {words}"
    )
    assert refusal_of(getattr(unchecked(service), call), **given) == (400, code, message)


def test_characters_beyond_16_bits_are_let_through(unchecked: Any) -> None:
    """AWS's patterns are Java's, where these characters are two."""
    name = "group-\N{GRINNING FACE}"
    groups = unchecked("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    assert groups["AutoScalingGroups"] == []


def test_a_service_that_is_not_corrected_answers_as_moto_does(unchecked: Any) -> None:
    """Its model's forms are not looked at: some are none that Python reads (\\p{LD})."""
    asked = {"DirectoryId": "d-0123456789", "RemoteDomainName": "a.example", "TrustPassword": "x"}
    refused = refusal_of(unchecked("ds").create_trust, **asked, TrustDirection="Two-Way")
    assert refused[:2] == (400, "EntityDoesNotExistException")


def test_whatever_fails_before_moto_is_answered_as_aws_does(
    aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "Common error types" in each service's API reference: InternalFailure."""
    monkeypatch.setattr(input_constraints, "require", lambda _: 1 / 0)
    refused = refusal_of(aws("ec2").describe_vpcs)
    assert refused[:2] == (500, "InternalFailure")
