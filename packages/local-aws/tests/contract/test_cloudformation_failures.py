"""What happens to a stack whose creation fails, and what is refused before anything is created."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from stack_driver import BROKEN, StackDriver, parameter, table, waiting

AwsClient = Any


def test_a_failed_creation_is_rolled_back_with_a_reason(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Stack failure options": the default is to roll back."""
    good = parameter("1", Name=f"/{unique_name}/good")

    stack = stacks.create(unique_name, {"Good": good, "Broken": {**BROKEN, "DependsOn": "Good"}})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = stacks.events(unique_name)
    reasons = {status: reason for _, status, reason in events if reason}
    assert "reserved" in reasons["CREATE_FAILED"]
    assert reasons["ROLLBACK_IN_PROGRESS"] == (
        "The following resource(s) failed to create: [Broken]. Rollback requested by user."
    )
    assert ("Good", "DELETE_COMPLETE", "") in events
    with pytest.raises(ClientError, match="ParameterNotFound"):
        aws("ssm").get_parameter(Name=f"/{unique_name}/good")


def test_a_rolled_back_stack_can_only_be_deleted(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Troubleshooting": ROLLBACK_COMPLETE."""
    stacks.create(unique_name, {"Broken": BROKEN})

    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update(unique_name, {"One": parameter("1")})
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        stacks.create(unique_name, {"One": parameter("1")})
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize("option", [{"DisableRollback": True}, {"OnFailure": "DO_NOTHING"}])
def test_without_rollback_what_was_created_stays(
    stacks: StackDriver, aws: AwsClient, unique_name: str, option: dict[str, Any]
) -> None:
    """CloudFormation API Reference, CreateStack: DisableRollback and OnFailure."""
    good = parameter("1", Name=f"/{unique_name}/good")

    stack = stacks.create(
        unique_name, {"Good": good, "Broken": {**BROKEN, "DependsOn": "Good"}}, **option
    )

    assert stack["StackStatus"] == "CREATE_FAILED"
    assert aws("ssm").get_parameter(Name=f"/{unique_name}/good")["Parameter"]["Value"] == "1"


def test_on_failure_delete_leaves_no_stack(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation API Reference, CreateStack: OnFailure."""
    stack_id = stacks.client.create_stack(
        StackName=unique_name,
        TemplateBody='{"Resources": {"Broken": {"Type": "AWS::EC2::LaunchTemplate", "Properties":'
        ' {"LaunchTemplateName": {"Fn::Select": [3, ["a"]]}}}}}',
        OnFailure="DELETE",
    )["StackId"]

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_deletion_cancels_a_creation_that_waits(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation API Reference, DeleteStack: also while the stack is being created."""
    waiting = {**service, "SignalCount": "3", "SignalTimeout": "PT5M"}
    stacks.client.create_stack(
        StackName=unique_name,
        TemplateBody=(Path(__file__).parent / "templates/service.yaml").read_text(),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in waiting.items()],
        Capabilities=["CAPABILITY_IAM"],
    )

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_custom_resource_fails_with_what_to_do(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Custom resources": they are calls of a Lambda function."""
    custom = {"Type": "Custom::Seed", "Properties": {"ServiceToken": "arn:aws:lambda:::function:f"}}

    stack = stacks.create(unique_name, {"Seed": custom})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for name, _, reason in stacks.events(unique_name) if name == "Seed"]
    assert any("--skip-custom-resources" in reason for reason in reasons)


def test_an_unsupported_type_fails_by_name(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Troubleshooting": the reason is in the events."""
    stacks.create(unique_name, {"Odd": {"Type": "AWS::Braket::Quantum"}})

    reasons = [reason for _, status, reason in stacks.events(unique_name) if "FAILED" in status]
    assert reasons[0] == "The local AWS does not emulate AWS::Braket::Quantum in a stack."


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{}", "At least one Resources member must be defined"),
        ("[1]", "unsupported structure"),
        ("Resources: {A: {Type: 1}}", "must contain a Type"),
        ("Resources: {A: {Type: 'AWS::S3::Bucket', DependsOn: B}}", "dependencies [B]"),
        ("Resources: {A: {Type: 'T', Properties: {P: !Ref Nobody}}}", "dependencies [Nobody]"),
        ("Resources: {A: {Type: 'T', Properties: {P: !Sub '${No.Id}'}}}", "dependencies [No]"),
        ("Resources: {A: {Type: 'T', Condition: C}}", "condition dependency C"),
        (
            "Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {P: !Ref A}}}",
            "Circular dependency between resources: [A, B]",
        ),
        ("a: [", "Template format error"),
        ("Metadata: [&a x, *a]\nResources: {A: {Type: T}}", "YAML aliases are not allowed"),
        ("#" * 51_200 + "\nResources: {A: {Type: T}}", "less than or equal to 51200"),
    ],
)
def test_a_malformed_template_is_refused_before_a_stack_exists(
    stacks: StackDriver, unique_name: str, template: str, message: str
) -> None:
    """CloudFormation User Guide, "Template format" and "Troubleshooting": ValidationError."""
    with pytest.raises(ClientError) as refused:
        stacks.client.create_stack(StackName=unique_name, TemplateBody=template)

    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert message in refused.value.response["Error"]["Message"]
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


def test_every_call_reads_templates_with_the_same_bounds(
    stacks: StackDriver, unique_name: str, aws: AwsClient
) -> None:
    """CloudFormation User Guide, "CloudFormation template formats": no aliases; "CloudFormation
    quotas": 51,200 bytes in a request, 1 MB in an S3 object."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    s3.put_object(Bucket=unique_name, Key="big", Body=b"#" * 1_000_001)
    s3.put_object(Bucket=unique_name, Key="bytes", Body=b"Resources: \xff")
    url = f"https://{unique_name}.s3.amazonaws.com"
    templates = (
        ({"TemplateBody": "a: &a [1]\nb: *a"}, "YAML aliases are not allowed"),
        ({"TemplateBody": "#" * 51_201}, "less than or equal to 51200"),
        ({"TemplateURL": f"{url}/big"}, "may not exceed 1000000 bytes"),
        ({"TemplateURL": f"{url}/bytes"}, "Invalid UTF-8"),
        ({"TemplateURL": f"{url}/missing"}, "must reference a valid S3 object"),
        ({"TemplateURL": "x"}, "must reference a valid S3 object"),
    )
    calls = (
        stacks.client.validate_template,
        stacks.client.get_template_summary,
        partial(stacks.client.create_stack, StackName=unique_name),
        partial(
            stacks.client.create_change_set,
            StackName=unique_name,
            ChangeSetName="c",
            ChangeSetType="CREATE",
        ),
    )
    for call in calls:
        for template, message in templates:
            with pytest.raises(ClientError, match=message) as refused:
                call(**template)
            assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_template_cannot_run_code(stacks: StackDriver, unique_name: str, tmp_path: Path) -> None:
    """moto reads YAML with a loader that calls what a tag names."""
    proof = tmp_path / "proof"
    template = f'Resources: !!python/object/apply:os.system ["touch {proof}"]'

    with pytest.raises(ClientError, match="Template format error"):
        stacks.client.create_stack(StackName=unique_name, TemplateBody=template)
    with pytest.raises(ClientError, match="Template format error"):
        stacks.client.validate_template(TemplateBody=template)
    assert not proof.exists()


def test_iam_resources_need_an_acknowledgement(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Acknowledging IAM resources in CloudFormation templates"."""
    role = '{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {%s}}}}'
    for properties, needed in (("", "CAPABILITY_IAM"), ('"RoleName": "r"', "CAPABILITY_NAMED_IAM")):
        with pytest.raises(ClientError) as refused:
            stacks.client.create_stack(StackName=unique_name, TemplateBody=role % properties)
        error = refused.value.response["Error"]
        assert error["Code"] == "InsufficientCapabilitiesException"
        assert f"[{needed}]" in error["Message"]


@pytest.fixture
def stuck(stacks: StackDriver, aws: AwsClient, unique_name: str) -> str:
    """A stack whose update failed, and whose rollback, too: its table was deleted meanwhile."""
    stacks.create(unique_name, {"Table": table(), "One": parameter("1")})
    group = waiting(2)
    group["Waiting"]["DependsOn"] = "Table"
    changed = {"Table": table(Tags=[{"Key": "changed", "Value": "yes"}]), "One": parameter("2")}
    updating = threading.Thread(
        target=stacks.update, args=(unique_name, {"Resources": {**changed, **group}})
    )
    updating.start()
    eventually(lambda: ("Table", "UPDATE_COMPLETE", "") in stacks.events(unique_name))
    aws("dynamodb").delete_table(TableName=unique_name)
    updating.join(30)
    assert stacks.described(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    return unique_name


def test_a_failed_rollback_is_tried_again_and_may_skip_a_resource(
    stacks: StackDriver, stuck: str
) -> None:
    """CloudFormation User Guide, "Continue rolling back an update"."""
    client = stacks.client
    client.continue_update_rollback(StackName=stuck)
    assert stacks.settled(stuck)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"

    with pytest.raises(ClientError, match="not in UPDATE_FAILED state"):
        client.continue_update_rollback(StackName=stuck, ResourcesToSkip=["One"])
    client.continue_update_rollback(StackName=stuck, ResourcesToSkip=["Table"])
    assert stacks.settled(stuck)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_what_somebody_has_deleted_already_does_not_fail_a_deletion(
    stacks: StackDriver, stuck: str
) -> None:
    """CloudFormation CLI User Guide, "Resource type handler contract": NotFound is a success."""
    assert stacks.delete(stuck)["StackStatus"] == "DELETE_COMPLETE"
