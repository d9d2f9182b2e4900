"""Properties as their types' schemas have them: which there are, and of what kind each is."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver

RULE = {"Status": "Enabled"}


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
    ("type_name", "properties", "path", "reason"),
    [
        ("AWS::S3::Bucket", {"BucketName": "Not a bucket"}, "/BucketName", "[pattern]"),
        ("AWS::Events::Rule", {"Name": "not a rule"}, "/Name", "[pattern]"),
        (
            "AWS::S3::Bucket",
            {"LifecycleConfiguration": {"Rules": [{"ExpirationDate": "later"} | RULE]}},
            "/LifecycleConfiguration/Rules/0/ExpirationDate",
            "[pattern]",
        ),
        (
            "AWS::Kinesis::Stream",
            {"Name": "n" * 129},
            "/Name",
            "expected maxLength: 128, actual: 129",
        ),
    ],
    ids=["bucket", "rule", "date", "length"],
)
def test_a_text_keeps_to_its_pattern_and_length(
    stacks: StackDriver,
    unique_name: str,
    type_name: str,
    properties: dict[str, Any],
    path: str,
    reason: str,
) -> None:
    """CloudFormation CLI User Guide, "Resource type schema"; the words of the registry's validator.

    A bucket with such a name could not be deleted again.
    """
    stacks.create(unique_name, {"One": {"Type": type_name, "Properties": properties}})
    words = f"failed validation constraint for keyword {reason}" if reason[0] == "[" else reason
    assert stacks.failures(unique_name)["One"] == (
        f"Properties validation failed for resource One with message:\n#{path}: {words}"
    )
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


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


def test_each_value_has_the_type_that_its_property_has(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """Each type's own schema: a boolean where it requires text is "true", and the reverse."""
    template = """
    Parameters: {Count: {Type: String, Default: "3"}}
    Mappings: {Flags: {one: {on: shown}}}
    Resources:
      Text: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: true}}
      Number: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: 42}}
      Joined: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Join ["-", [true, 1]]}}
      Mapped: {Type: AWS::SSM::Parameter,
               Properties: {Type: String, Value: !FindInMap [Flags, one, on]}}
      Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.71.0.0/16,
            Tags: [{Key: public, Value: false}]}}
      Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: !Ref Count}}
    """
    stacks.client.create_stack(StackName=unique_name, TemplateBody=template)
    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_COMPLETE"

    def value(logical_id: str) -> str:
        name = stacks.physical_id(unique_name, logical_id)
        return str(aws("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    values = [value(each) for each in ("Text", "Number", "Joined", "Mapped")]
    assert values == ["true", "42", "true-1", "shown"]
    vpc = stacks.physical_id(unique_name, "Vpc")
    own = [{"Name": "resource-id", "Values": [vpc]}, {"Name": "key", "Values": ["public"]}]
    [tag] = aws("ec2").describe_tags(Filters=own)["Tags"]
    assert tag["Value"] == "false"
    stacks.delete(unique_name)


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"Type": "String", "Value": "1", "Valeu": "2"}, "Encountered unsupported property Valeu"),
        (
            {"Type": "String"},
            "Property validation failure: [The property {/Value} is required]",
        ),
    ],
)
def test_properties_are_those_of_the_types_schema(
    properties: dict[str, str], reason: str, stacks: StackDriver, unique_name: str
) -> None:
    """AWS re:Post, "Encountered unsupported property": the resource fails, with the name; that one
    is missing is worded as recorded from AWS."""
    odd = {"Type": "AWS::SSM::Parameter", "Properties": properties}

    stacks.create(unique_name, {"Odd": odd})

    assert stacks.failures(unique_name)["Odd"] == reason
