"""A value that is of another type than AWS's model has is refused before a service sees it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from signed_requests import RawClient

PACKAGE = "com.amazonaws.dynamodb.v20120810"
MAP = f"java.util.Map<java.lang.String, {PACKAGE}.AttributeValue>"


def _json_answer(
    raw: RawClient, service: str, target: str, members: dict[str, Any]
) -> tuple[int, str, str]:
    body = json.dumps(members).encode()
    form = {"Content_Type": "application/x-amz-json-1.1", "X_Amz_Target": target}
    status, text = raw.send("POST", "/", raw.signed(service, body=body, **form), body)
    answer = json.loads(text)
    return status, answer["__type"], answer.get("message", "")


def _query_answer(raw: RawClient, service: str, **parameters: str) -> tuple[int, str, str]:
    body = urlencode(parameters).encode()
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    status, text = raw.send("POST", "/", raw.signed(service, body=body, **form), body)
    code, message = re.search(r"<Code>(.*)</Code>\s*<Message>(.*)</Message>", text).groups()
    return status, code, message


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"Limit": "5"}, "STRING_VALUE cannot be converted to Integer"),
        ({"Limit": True}, "TRUE_VALUE cannot be converted to Integer"),
        ({"Limit": []}, "Unrecognized collection type class java.lang.Integer"),
        ({"Limit": {}}, "Start of structure or map found where not expected"),
        ({"ConsistentRead": 23}, "NUMBER_VALUE cannot be converted to Boolean"),
        ({"ConsistentRead": "true"}, "Unexpected token received from parser"),
        ({"TableName": 34.5}, "DECIMAL_VALUE cannot be converted to String"),
        ({"TableName": []}, "Unrecognized collection type class java.lang.String"),
        ({"AttributesToGet": "a"}, "Unexpected field type"),
        ({"AttributesToGet": {}}, "Start of structure or map found where not expected"),
        ({"ExclusiveStartKey": {"a": "b"}}, "Unexpected value type in payload"),
        ({"ExclusiveStartKey": {"a": []}},
         f"Unrecognized collection type class {PACKAGE}.AttributeValue"),
        ({"ExclusiveStartKey": []},
         f"Unrecognized collection type {MAP}"),
        ({"ExclusiveStartKey": {"a": {"B": 1}}},
         "only base-64-encoded strings are convertible to bytes"),
        ({"ExclusiveStartKey": {"a": {"B": "abcde"}}},
         "Base64 encoded length is expected a multiple of 4 bytes but found: 5"),
    ],
)  # fmt: skip
def test_a_json_value_of_another_type_is_refused(
    raw: RawClient, members: dict[str, Any], words: str
) -> None:
    """Reported of DynamoDB: SerializationException, which comes before any other check."""
    answer = _json_answer(raw, "dynamodb", "DynamoDB_20120810.Scan", members)
    assert answer == (400, "SerializationException", words)


@pytest.mark.parametrize(
    ("service", "target", "members"),
    [
        ("events", "AWSEvents.DeleteEventBus", {"Name": {}}),
        ("kms", "TrentService.EnableKeyRotation", {"KeyId": True}),
        ("logs", "Logs_20140328.DeleteDelivery", {"id": []}),
        ("secretsmanager", "secretsmanager.DescribeSecret", {"SecretId": 5}),
        ("sqs", "AmazonSQS.TagQueue", {"QueueUrl": "q", "Tags": "x"}),
        ("ssm", "AmazonSSM.DescribeParameters", {"MaxResults": "5"}),
        ("ssm", "AmazonSSM.GetParameters", {"Names": [[]]}),
    ],
)
def test_each_service_with_json_refuses_other_types(
    raw: RawClient, service: str, target: str, members: dict[str, Any]
) -> None:
    """Common errors of the API References: a request that cannot be read is the client's error."""
    assert _json_answer(raw, service, target, members)[:2] == (400, "SerializationException")


@pytest.mark.parametrize(
    ("service", "parameters"),
    [
        ("autoscaling", {"Action": "DescribeAutoScalingInstances", "MaxRecords": "ten"}),
        ("cloudformation", {"Action": "ListStackSets", "MaxResults": "1e9"}),
        ("elasticloadbalancing", {"Action": "DescribeLoadBalancers", "PageSize": ""}),
        ("iam", {"Action": "ListRoles", "MaxItems": "1.5"}),
        ("iam", {"Action": "ListPolicies", "OnlyAttached": "perhaps"}),
    ],
)
def test_a_text_of_a_query_that_is_no_number_or_boolean_is_refused(
    raw: RawClient, service: str, parameters: dict[str, str]
) -> None:
    """Common errors of the API References: MalformedInput, a request that cannot be read."""
    assert _query_answer(raw, service, **parameters)[:2] == (400, "MalformedInput")


@pytest.mark.parametrize("moment", ["yesterday", "1586390400", "2026-13-45T00:00:00Z"])
def test_a_timestamp_of_a_query_is_of_iso_8601(raw: RawClient, moment: str) -> None:
    """Reported of CloudWatch: "timestamp must follow ISO8601"."""
    asked = {"Action": "DescribeAlarmHistory", "StartDate": moment}
    answer = _query_answer(raw, "monitoring", **asked)
    assert answer == (400, "MalformedInput", "timestamp must follow ISO8601")


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"Action": "DescribeInstances", "MaxResults": "ten"}, "MaxResults"),
        ({"Action": "DescribeInstances", "MaxResults": "9" * 5000}, "MaxResults"),
        ({"Action": "DescribeImages", "IncludeDeprecated": "perhaps"}, "IncludeDeprecated"),
        ({"Action": "RunInstances", "MinCount": "1", "MaxCount": "1",
          "BlockDeviceMapping.1.Ebs.VolumeSize": "big"}, "BlockDeviceMappings.1.Ebs.VolumeSize"),
    ],
)  # fmt: skip
def test_ec2_names_the_parameter_that_is_of_another_type(
    raw: RawClient, parameters: dict[str, str], path: str
) -> None:
    """EC2, "Error codes": InvalidParameterValue, a value that "is not valid"."""
    status, code, words = _query_answer(raw, "ec2", **parameters)
    assert (status, code) == (400, "InvalidParameterValue")
    assert f"for parameter {path} is invalid" in words


@pytest.mark.parametrize("moment", ["2026-01-01", "2026-01-01T00:00:00.123Z", "20260101T000000Z"])
def test_the_forms_of_a_timestamp_are_taken(raw: RawClient, moment: str) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Query-Common-Parameters.html"""
    body = urlencode({"Action": "DescribeAlarmHistory", "StartDate": moment}).encode()
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert raw.send("POST", "/", raw.signed("monitoring", body=body, **form), body)[0] == 200
