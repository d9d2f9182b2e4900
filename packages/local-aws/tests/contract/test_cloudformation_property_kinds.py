"""Properties of another kind than their schema's: the resource fails, with the property's name."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver


@pytest.mark.parametrize(
    ("type_name", "properties", "reason"),
    [
        ("AWS::SQS::Queue", {"QueueName": ["one"]}, "/QueueName: {String, JSONArray}"),
        ("AWS::SQS::Queue", {"QueueName": {"One": "1"}}, "/QueueName: {String, JSONObject}"),
        ("AWS::SQS::Queue", {"Tags": {"Key": "k"}}, "/Tags: {JSONArray, JSONObject}"),
        ("AWS::SQS::Queue", {"Tags": "k"}, "/Tags: {JSONArray, String}"),
        ("AWS::SQS::Queue", {"Tags": ["k"]}, "/Tags/0: {JSONObject, String}"),
        (
            "AWS::SQS::Queue",
            {"Tags": [{"Key": "k", "Value": ["v"]}]},
            "/Tags/0/Value: {String, JSONArray}",
        ),
        ("AWS::SQS::Queue", {"DelaySeconds": "soon"}, "/DelaySeconds: {Integer, String}"),
        ("AWS::SQS::Queue", {"DelaySeconds": "1_0"}, "/DelaySeconds: {Integer, String}"),
        ("AWS::SQS::Queue", {"FifoQueue": "yes"}, "/FifoQueue: {Boolean, String}"),
    ],
)
def test_a_property_of_another_kind_fails_the_resource(
    stacks: StackDriver, unique_name: str, type_name: str, properties: dict[str, Any], reason: str
) -> None:
    """CloudFormation CLI User Guide, "Resource type schema"; the words as users report them, those
    of the registry's validator: `#/VPCSecurityGroups: expected type: JSONArray, found: String`."""
    stacks.create(unique_name, {"One": {"Type": type_name, "Properties": properties}})

    path, _, kinds = reason.partition(": ")
    expected, found = kinds.strip("{}").split(", ")
    assert stacks.failures(unique_name)["One"] == (
        "Properties validation failed for resource One with message:\n"
        f"#{path}: expected type: {expected}, found: {found}"
    )


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"UserName": "u", "Serial": "one"}, "Value of property Serial must be of type Integer"),
        ({"UserName": ["u"]}, "Value of property UserName must be of type String"),
    ],
    ids=["no number", "a list"],
)
def test_a_type_that_the_registry_does_not_provision_has_other_words(
    stacks: StackDriver, unique_name: str, properties: dict[str, Any], reason: str
) -> None:
    """As users report them: `Value of property Subnets must be of type List of String`."""
    stacks.create(unique_name, {"One": {"Type": "AWS::IAM::AccessKey", "Properties": properties}})
    assert stacks.failures(unique_name)["One"] == reason
