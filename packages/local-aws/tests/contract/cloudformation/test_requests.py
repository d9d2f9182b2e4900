"""What a request must not ask is refused before anything changes, in AWS's words as recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import BROKEN, StackDriver, parameter, template_body

AwsClient = Any

_ALARM = "AWS::CloudWatch::Alarm"
_ALARMS = "arn:aws:cloudwatch:us-east-1:123456789012"


@pytest.fixture
def role(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The name of a role that EC2 may assume, and CloudFormation may not."""
    aws("iam").create_role(RoleName=unique_name, AssumeRolePolicyDocument=_trust("ec2"))
    yield unique_name
    aws("iam").delete_role(RoleName=unique_name)


def _trust(service: str) -> str:
    principal = {"Service": f"{service}.amazonaws.com"}
    allowed = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


@pytest.mark.parametrize("name", ["a b", "1a", "a_b", "a\n", "a" * 129])
def test_what_no_stack_is_called(stacks: StackDriver, name: str) -> None:
    """API_CreateStack and API_CreateChangeSet: StackName; the second takes ARNs as well."""
    template = {"One": parameter("1")}
    pattern = "satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    refusal = "at 'stackName' failed to satisfy constraint: Member must"
    for call, form in (
        (stacks.create, pattern),
        (partial(stacks.change_set, kind="CREATE"), f"{pattern}|arn:[-a-zA-Z0-9:/._+]*"),
    ):
        with pytest.raises(ClientError) as refused:
            call(name, template)
        error = refused.value.response["Error"]
        broken = "have length less than or equal to 128" if len(name) > 128 else form
        assert error["Code"] == "ValidationError"
        assert error["Message"].endswith(f"Value '{name}' {refusal} {broken}")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ClientRequestToken": "a b"}, "'clientRequestToken'.*pattern: .a-zA-Z0-9"),
        ({"Tags": [{"Key": "a" * 129, "Value": "1"}]}, "'tags.1.member.key'.*or equal to 128"),
        ({"Tags": [{"Key": f"k{n}", "Value": "1"} for n in range(51)]}, "'tags'.*or equal to 50"),
        (
            {"RoleARN": f"arn:aws:iam::1:role/{'r' * 2048}"},
            "'roleARN'.*or equal to 2048",
        ),
    ],
)
def test_what_the_model_limits(
    stacks: StackDriver, unique_name: str, options: dict[str, Any], said: str
) -> None:
    """API_CreateStack: lengths, values and patterns of its parameters."""
    with pytest.raises(ClientError, match=said):
        stacks.create(unique_name, {"One": parameter("1")}, **options)


def test_what_happens_on_failure_is_said_once(stacks: StackDriver, unique_name: str) -> None:
    """API_CreateStack: DisableRollback or OnFailure, but not both."""
    with pytest.raises(ClientError, match="Either DisableRollback or OnFailure can be specified"):
        stacks.create(
            unique_name, {"One": parameter("1")}, DisableRollback=True, OnFailure="DELETE"
        )


def test_a_request_for_a_template_names_a_stack(stacks: StackDriver) -> None:
    """API_GetTemplate: StackName; the words are LocalStack's, no recording of AWS is known."""
    with pytest.raises(ClientError, match="StackName is required if ChangeSetName is not specif"):
        stacks.client.get_template()


def test_iam_resources_need_an_acknowledgement(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Acknowledging IAM resources in CloudFormation templates"."""
    role = '{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {%s}}}}'
    for properties, needed in (("", "CAPABILITY_IAM"), ('"RoleName": "r"', "CAPABILITY_NAMED_IAM")):
        with pytest.raises(ClientError) as refused:
            stacks.client.create_stack(StackName=unique_name, TemplateBody=role % properties)
        error = refused.value.response["Error"]
        assert error["Code"] == "InsufficientCapabilitiesException"
        assert f"[{needed}]" in error["Message"]


def test_a_request_names_the_types_that_it_allows(stacks: StackDriver, unique_name: str) -> None:
    """API_UpdateStack: ResourceTypes; AWS::*, AWS::SSM::* or one type."""
    stacks.create(unique_name, {"One": parameter("1")}, ResourceTypes=["AWS::*"])
    with_topic = {"One": parameter("1"), "Topic": {"Type": "AWS::SNS::Topic"}}

    for allowed in (["AWS::SSM::*"], ["AWS::SSM::*", "AWS::SQS::*"]):
        with pytest.raises(ClientError) as refused:
            stacks.update(unique_name, with_topic, ResourceTypes=allowed)
        assert refused.value.response["Error"]["Message"] == (
            "Resource type AWS::SNS::Topic is not allowed by parameter ResourceTypes "
            f"[{', '.join(allowed)}]"
        )

    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"
    allowed = ["AWS::SSM::Parameter", "AWS::SNS::*"]
    updated = stacks.update(unique_name, with_topic, ResourceTypes=allowed)
    assert updated["StackStatus"] == "UPDATE_COMPLETE"


def test_a_role_is_one_that_cloudformation_may_assume(
    stacks: StackDriver, aws: AwsClient, unique_name: str, role: str
) -> None:
    """API_CreateStack: RoleARN; also where there is nothing to update."""
    iam = aws("iam")
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    template = {"One": parameter("1")}
    change_set = {"StackName": unique_name, "ChangeSetName": "changes"}
    stacks.create(f"{unique_name}-stack", template)
    for wrong in (arn, f"{arn}-that-is-not"):
        message = f"Role {wrong} is invalid or cannot be assumed"
        for refused in (
            lambda wrong=wrong: stacks.create(unique_name, template, RoleARN=wrong),
            lambda wrong=wrong: stacks.update(f"{unique_name}-stack", template, RoleARN=wrong),
            lambda wrong=wrong: stacks.client.create_change_set(
                **change_set,
                ChangeSetType="CREATE",
                TemplateBody=template_body(template),
                RoleARN=wrong,
            ),
        ):
            with pytest.raises(ClientError, match=message):
                refused()
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)

    iam.update_assume_role_policy(RoleName=role, PolicyDocument=_trust("cloudformation"))
    assert stacks.create(unique_name, {"Wait": _handle()}, RoleARN=arn)["RoleARN"] == arn


def _handle() -> dict[str, Any]:
    """What a role without a policy may create."""
    return {"Type": "AWS::CloudFormation::WaitConditionHandle"}


@pytest.mark.parametrize(
    ("type_name", "arn", "message"),
    [
        ("AWS::CloudWatch::Alarme", f"{_ALARMS}:alarm:a", "Rollback Trigger Type not supported"),
        (_ALARM, f"{_ALARMS}:example", "RelativeId of a Rollback Trigger's ARN is incorrect"),
    ],
)
def test_a_rollback_trigger_is_refused_before_the_update(
    stacks: StackDriver, unique_name: str, type_name: str, arn: str, message: str
) -> None:
    """API_RollbackTrigger; also where there is nothing to update."""
    stacks.create(unique_name, {"One": parameter("1")})
    configuration = {"RollbackTriggers": [{"Arn": arn, "Type": type_name}]}

    with pytest.raises(ClientError) as refused:
        stacks.update(unique_name, {"One": parameter("1")}, RollbackConfiguration=configuration)

    assert refused.value.response["Error"]["Message"] == message
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"


def test_an_update_keeps_what_it_does_not_mention(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_UpdateStack, "NotificationARNs": an empty list removes all topics; recorded from AWS: the
    stack keeps its capabilities, and takes the topics that the update names."""
    topic = aws("sns").create_topic(Name=unique_name)["TopicArn"]
    stacks.create(unique_name, {"One": parameter("1")})
    before = stacks.described(unique_name)["Capabilities"]

    kept = []
    for value, options in (
        ("2", {"NotificationARNs": [topic]}),
        ("3", {"Capabilities": ["CAPABILITY_IAM"]}),
        ("4", {"NotificationARNs": []}),
    ):
        stacks.client.update_stack(
            StackName=unique_name, TemplateBody=template_body({"One": parameter(value)}), **options
        )
        stack = stacks.settled(unique_name)
        kept.append((stack["Capabilities"], stack["NotificationARNs"]))

    assert kept == [(before, [topic]), (["CAPABILITY_IAM"], [topic]), (["CAPABILITY_IAM"], [])]


def test_a_stack_may_be_named_by_its_arn(stacks: StackDriver, unique_name: str) -> None:
    """API_UpdateStack, "StackName": the name or the unique stack ID; AWS::StackName is the name."""
    template = {
        "Conditions": {"Mine": {"Fn::Equals": [{"Ref": "AWS::StackName"}, unique_name]}},
        "Resources": {"One": {**parameter("1"), "Condition": "Mine"}},
        "Outputs": {"Name": {"Value": {"Ref": "One"}}},
    }
    stack_id = stacks.create(unique_name, template)["StackId"]
    template["Resources"]["One"]["Properties"]["Value"] = "2"

    assert stacks.update(stack_id, template)["StackStatus"] == "UPDATE_COMPLETE"


def test_an_unknown_resource_is_reported_with_the_stack_as_the_request_names_it(
    stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: the stack's name or its id."""
    stack_id = stacks.create(unique_name, {"One": parameter("1")})["StackId"]
    for asked in (unique_name, stack_id):
        with pytest.raises(ClientError) as refused:
            stacks.client.describe_stack_resource(StackName=asked, LogicalResourceId="Two")
        assert refused.value.response["Error"]["Message"] == (
            f"Resource Two does not exist for stack {asked}"
        )


def test_exports_come_a_hundred_at_a_time(stacks: StackDriver, unique_name: str) -> None:
    """API_ListExports: NextToken."""
    template = {
        "Resources": {"One": parameter("1")},
        "Outputs": {
            f"Out{number}": {"Value": "v", "Export": {"Name": f"{unique_name}-{number}"}}
            for number in range(101)
        },
    }
    stacks.create(unique_name, template)

    first = stacks.client.list_exports()
    pages = stacks.client.get_paginator("list_exports").paginate()
    names = [row["Name"] for page in pages for row in page["Exports"]]

    assert len(first["Exports"]) == 100
    assert {f"{unique_name}-{number}" for number in range(101)} <= set(names)


@pytest.mark.parametrize("both", [True, False])
def test_the_resources_of_a_stack_or_of_a_resource_are_described(
    stacks: StackDriver, unique_name: str, both: bool
) -> None:
    """API_DescribeStackResources: StackName or PhysicalResourceId, but not both."""
    asked = {"StackName": unique_name, "PhysicalResourceId": "one"} if both else {}
    with pytest.raises(ClientError, match="either StackName or PhysicalResourceId") as refused:
        stacks.client.describe_stack_resources(**asked)
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_only_a_creation_that_fails_deletes_its_stack(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_CreateChangeSet, OnStackFailure: DELETE is only valid for ChangeSetType CREATE."""
    stacks.create(unique_name, {"One": parameter("1")})
    body = template_body({"One": parameter("2")})
    with pytest.raises(ClientError, match="only valid when the ChangeSetType is CREATE"):
        stacks.client.create_change_set(
            StackName=unique_name, ChangeSetName="c", TemplateBody=body, OnStackFailure="DELETE"
        )


@pytest.mark.parametrize("key", ["aws:created", "AWS:created"])
def test_tags_of_aws_are_not_given(stacks: StackDriver, unique_name: str, key: str) -> None:
    """API_Tag: keys with the prefix aws: are AWS's own; the words as users report them."""
    tags, template = [{"Key": key, "Value": "1"}], {"One": parameter("1")}
    for call in (stacks.create, partial(stacks.change_set, kind="CREATE")):
        with pytest.raises(ClientError, match="aws: prefixed tag key names are not allowed for"):
            call(unique_name, template, Tags=tags)
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)
    stacks.create(unique_name, template)
    with pytest.raises(ClientError, match="aws: prefixed tag key names are not allowed for"):
        stacks.update(unique_name, template, Tags=tags)


def test_what_happens_on_failure_is_said_by_the_change_set_or_by_its_execution(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_CreateChangeSet, OnStackFailure: DisableRollback must not be specified with it."""
    named = {"StackName": unique_name, "ChangeSetName": "changes"}
    stacks.change_set(unique_name, {"One": BROKEN}, "CREATE", OnStackFailure="DO_NOTHING")
    with pytest.raises(ClientError, match="DisableRollback cannot be specified"):
        stacks.client.execute_change_set(**named, DisableRollback=False)
    stacks.client.execute_change_set(**named)
    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_FAILED"


def test_a_deployment_is_a_standard_one(stacks: StackDriver, unique_name: str) -> None:
    """API_DeploymentConfig: Mode is STANDARD by default; DisableRollback keeps a failure."""
    fast = {"Mode": "EXPRESS"}
    refusal = "DeploymentConfig.Mode is not emulated by the local AWS"
    with pytest.raises(ClientError, match=refusal):
        stacks.create(unique_name, {"One": parameter("1")}, DeploymentConfig=fast)
    kept = {"Mode": "STANDARD", "DisableRollback": True}
    created = stacks.create(unique_name, {"One": BROKEN}, DeploymentConfig=kept)
    assert created["StackStatus"] == "CREATE_FAILED"
    template = {"One": parameter("1")}
    with pytest.raises(ClientError, match=refusal):
        stacks.update(unique_name, template, DeploymentConfig=fast)
    updated = stacks.update(unique_name, template, DeploymentConfig=kept)
    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match=refusal):
        stacks.client.delete_stack(StackName=unique_name, DeploymentConfig=fast)
    assert stacks.described(unique_name)["StackStatus"] == "UPDATE_COMPLETE"

    changed = {"One": parameter("2"), "Two": BROKEN}
    stacks.change_set(unique_name, changed, DeploymentConfig=kept)
    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_FAILED"


def test_a_stack_shows_the_deployment_config_of_its_last_operation(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_Stack and API_DescribeChangeSet, DeploymentConfig; API_DeploymentConfig: its defaults."""
    usual = {"Mode": "STANDARD", "DisableRollback": False}
    kept = {"Mode": "STANDARD", "DisableRollback": True}
    created = stacks.create(unique_name, {"One": parameter("1")}, DeploymentConfig=kept)
    assert created["DeploymentConfig"] == kept
    standard = {"Mode": "STANDARD"}
    updated = stacks.update(unique_name, {"One": parameter("2")}, DeploymentConfig=standard)
    assert updated["DeploymentConfig"] == usual
    stacks.change_set(unique_name, {"One": parameter("3")}, DeploymentConfig=kept)
    named = {"StackName": unique_name, "ChangeSetName": "changes"}
    assert stacks.client.describe_change_set(**named)["DeploymentConfig"] == kept
    assert stacks.described(unique_name)["DeploymentConfig"] == usual
    stacks.client.execute_change_set(**named)
    assert stacks.settled(unique_name)["DeploymentConfig"] == kept
    assert "DeploymentConfig" not in stacks.update(unique_name, {"One": parameter("4")})


def test_pages_of_events_follow_each_other_while_more_happens(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_DescribeStackEvents: NextToken."""
    template = {f"Of{number:02}": parameter("1") for number in range(50)}
    stacks.create(unique_name, template)
    first = stacks.client.describe_stack_events(StackName=unique_name)
    ids = [event["EventId"] for event in first["StackEvents"]]
    stacks.update(unique_name, {**template, "Another": parameter("1")})
    rest = stacks.client.describe_stack_events(StackName=unique_name, NextToken=first["NextToken"])[
        "StackEvents"
    ]

    assert len(ids) == 100
    assert not {event["EventId"] for event in rest} & set(ids)
    assert rest[-1]["ResourceStatusReason"] == "User Initiated"
    with pytest.raises(ClientError, match="NextToken is invalid"):
        stacks.client.list_stacks(NextToken=first["NextToken"])
