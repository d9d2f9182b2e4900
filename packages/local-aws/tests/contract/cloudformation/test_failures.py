"""What happens to a stack when a resource of it fails."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from stack_driver import BROKEN, StackDriver, parameter, table, template_body, waiting

from local_aws.control_plane.cloudformation.rollback_triggers import TriggerWatch

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
        TemplateBody=template_body({"Broken": BROKEN}),
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
        TemplateBody=(Path(__file__).parents[1] / "templates/service.yaml").read_text(),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in waiting.items()],
        Capabilities=["CAPABILITY_IAM"],
    )

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_deletion_is_not_undone_by_the_creation_that_it_cancels(
    stacks: StackDriver, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """API_DeleteStack: once the call completes successfully, stack deletion starts; whatever the
    creation, which has everything by then, had still to do."""
    is_at_its_end, goes_on = threading.Event(), threading.Event()

    def monitor(_: TriggerWatch) -> bool:
        is_at_its_end.set()
        goes_on.wait(30)
        return False

    monkeypatch.setattr(TriggerWatch, "monitor", monitor)
    stack_id = stacks.client.create_stack(
        StackName=unique_name, TemplateBody=template_body({"One": parameter("1")})
    )["StackId"]
    assert is_at_its_end.wait(30)

    stacks.client.delete_stack(StackName=unique_name)
    goes_on.set()

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert [status for name, status, _ in stacks.events(stack_id) if name == unique_name] == [
        "CREATE_IN_PROGRESS",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]


def test_a_custom_resource_fails_with_what_to_do(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Custom resources": they are calls of a Lambda function."""
    custom = {"Type": "Custom::Seed", "Properties": {"ServiceToken": "arn:aws:lambda:::function:f"}}

    stack = stacks.create(unique_name, {"Seed": custom})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for name, _, reason in stacks.events(unique_name) if name == "Seed"]
    assert any("--skip-custom-resources" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("kind", "name_property", "before", "after"),
    [
        ("SQS::Queue", "QueueName", {"FifoQueue": True}, {}),
        ("SNS::Topic", "TopicName", {"FifoTopic": True}, {}),
        (
            "DynamoDB::Table",
            "TableName",
            {"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]},
            {"KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}]},
        ),
    ],
    ids=["queue", "topic", "table"],
)
def test_a_resource_that_the_user_named_is_not_replaced(
    kind: str,
    name_property: str,
    before: dict[str, Any],
    after: dict[str, Any],
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "Name type"; the words as users reported them."""
    name = f"{unique_name}.fifo"

    def declared(properties: dict[str, Any]) -> dict[str, Any]:
        given = {name_property: name, **properties}
        if kind == "DynamoDB::Table":
            [key] = given["KeySchema"]
            attribute = {"AttributeName": key["AttributeName"], "AttributeType": "S"}
            given |= {"AttributeDefinitions": [attribute], "BillingMode": "PAY_PER_REQUEST"}
        return {"One": {"Type": f"AWS::{kind}", "Properties": given}}

    stacks.create(unique_name, declared(before))
    physical_id = stacks.physical_id(unique_name, "One")
    updated = stacks.update(unique_name, declared(after))

    assert updated["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.physical_id(unique_name, "One") == physical_id
    reason = (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename {name} and update the stack again."
    )
    assert ("One", "UPDATE_FAILED", reason) in stacks.events(unique_name)


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
